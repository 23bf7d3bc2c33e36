"""Gateways whose callers prove who they are."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, Skip, rule


@rule("NET-APIGW-02", severity="medium", on="AWS::ApiGatewayV2::Route")
def http_route_asks_for_authorisation(route: Resource) -> Fail | None:
    """Route of an HTTP API asks for authorisation.

    What stands behind an open route is called by whoever finds its address.

    Fix: set AuthorizationType to JWT, AWS_IAM or CUSTOM.
    Source: Amazon API Gateway Developer Guide, "Control and manage access to HTTP APIs".
    """
    if not route.AuthorizationType or route.AuthorizationType == "NONE":
        return Fail("answers everybody", at="AuthorizationType")


@rule("NET-APIGW-03", severity="medium", on="AWS::ApiGateway::Method")
def rest_method_asks_for_authorisation(method: Resource) -> Fail | Skip | None:
    """Method of a REST API asks for authorisation.

    What stands behind an open method is called by whoever finds its address.

    Fix: set AuthorizationType, or ApiKeyRequired where a key is enough.
    Source: Amazon API Gateway Developer Guide, "Control and manage access to REST APIs".
    """
    if method.HttpMethod == "OPTIONS":
        return Skip("answers the preflight of browsers, which carries no proof")
    open_ = not method.AuthorizationType or method.AuthorizationType == "NONE"
    if open_ and not method.ApiKeyRequired:
        return Fail("answers everybody", at="AuthorizationType")
