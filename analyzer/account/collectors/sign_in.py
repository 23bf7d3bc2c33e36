"""Who signs in to applications: Cognito's pools."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, same

_POOL = "AWS::Cognito::UserPool"
_POOLS = (
    Call("cognito-idp", "ListUserPools", "UserPools[]", fixed={"MaxResults": 60}),
    Call("cognito-idp", "DescribeUserPool", "UserPool", given={"UserPoolId": "Id"}),
)

COLLECTORS = (
    Collector(
        _POOL,
        _POOLS,
        arn="Arn || join('', ['userpool/', Id])",
        names=("Id", "Name"),
        properties={
            "UserPoolName": "Name",
            **same(
                "Policies DeletionProtection MfaConfiguration AutoVerifiedAttributes"
                " UsernameAttributes AccountRecoverySetting AdminCreateUserConfig"
                " EmailConfiguration UserPoolTier"
            ),
            "UserPoolAddOns": "UserPoolAddOns",
            "UserPoolTags": "UserPoolTags",
        },
        live={"Users": "EstimatedNumberOfUsers"},
    ),
    Collector(
        "AWS::Cognito::UserPoolClient",
        (
            _POOLS[0],
            Call(
                "cognito-idp",
                "ListUserPoolClients",
                "UserPoolClients[]",
                given={"UserPoolId": "Id"},
            ),
            Call(
                "cognito-idp",
                "DescribeUserPoolClient",
                "UserPoolClient",
                given={"UserPoolId": "UserPoolId", "ClientId": "ClientId"},
            ),
        ),
        arn="arn:{partition}:cognito-idp:{region}:{account}:userpool/{UserPoolId}/client/{ClientId}",
        names=("ClientId",),
        properties=same(
            "ClientName UserPoolId ExplicitAuthFlows AllowedOAuthFlows CallbackURLs"
            " PreventUserExistenceErrors TokenValidityUnits EnableTokenRevocation"
        ),
        links={"UserPoolId": _POOL},
    ),
    Collector(
        "AWS::Cognito::IdentityPool",
        (
            Call(
                "cognito-identity", "ListIdentityPools", "IdentityPools[]", fixed={"MaxResults": 60}
            ),
            Call(
                "cognito-identity",
                "DescribeIdentityPool",
                "@",
                given={"IdentityPoolId": "IdentityPoolId"},
            ),
        ),
        arn="arn:{partition}:cognito-identity:{region}:{account}:identitypool/{IdentityPoolId}",
        names=("IdentityPoolId", "IdentityPoolName"),
        properties=same("IdentityPoolName AllowUnauthenticatedIdentities AllowClassicFlow"),
    ),
)
