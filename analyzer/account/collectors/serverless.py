"""Functions, and the gateways that call them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, Read, same
from analyzer.account.collectors.network import GROUP, SUBNET

_FUNCTION = "AWS::Lambda::Function"
_FUNCTIONS = Call("lambda", "ListFunctions", "Functions[]")
_REST = "AWS::ApiGateway::RestApi"
_APIS = Call("apigateway", "GetRestApis", "items[]", action="apigateway:GET")
_HTTP = "AWS::ApiGatewayV2::Api"
_HTTP_APIS = Call("apigatewayv2", "GetApis", "Items[]", action="apigateway:GET")


def _statements(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The statements of a function's policy, as the permissions that a template would write."""
    policy = json.loads(page.get("Policy") or "{}")
    for statement in policy.get("Statement", ()):
        condition = statement.get("Condition", {})
        yield {
            "Sid": statement.get("Sid"),
            "Action": statement.get("Action"),
            "Principal": _principal(statement.get("Principal")),
            "SourceArn": _first(condition, "aws:SourceArn"),
            "SourceAccount": _first(condition, "aws:SourceAccount"),
            "PrincipalOrgID": _first(condition, "aws:PrincipalOrgID"),
            "FunctionUrlAuthType": _first(condition, "lambda:FunctionUrlAuthType"),
        }


def _principal(principal: Any) -> Any:
    return next(iter(principal.values()), None) if isinstance(principal, Mapping) else principal


def _first(conditions: Mapping[str, Any], key: str) -> Any:
    """The value that some operator compares a condition key with."""
    for compared in conditions.values():
        for name, value in compared.items():
            if name.lower() == key.lower():
                return value
    return None


def _policy(item: Mapping[str, Any]) -> Any:
    """The policy of an API: JSON, whose quotes the service may have escaped once more."""
    text = item.get("policy")
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return json.loads(json.loads(f'"{text}"'))


def _methods(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in page.get("items", ()):
        for verb, method in (resource.get("resourceMethods") or {}).items():
            yield {**method, "httpMethod": verb, "resourceId": resource["id"]}


def _stage(item: Mapping[str, Any]) -> Any:
    """Settings by method; the API keys them by path and verb."""
    return [
        {
            "ResourcePath": "/" + path.rpartition("/")[0].lstrip("/"),
            "HttpMethod": path.rpartition("/")[2],
            "CachingEnabled": settings.get("cachingEnabled"),
            "CacheDataEncrypted": settings.get("cacheDataEncrypted"),
            "CacheTtlInSeconds": settings.get("cacheTtlInSeconds"),
            "LoggingLevel": settings.get("loggingLevel"),
            "DataTraceEnabled": settings.get("dataTraceEnabled"),
            "MetricsEnabled": settings.get("metricsEnabled"),
            "ThrottlingBurstLimit": settings.get("throttlingBurstLimit"),
            "ThrottlingRateLimit": settings.get("throttlingRateLimit"),
        }
        for path, settings in (item.get("methodSettings") or {}).items()
    ]


COLLECTORS = (
    Collector(
        _FUNCTION,
        (_FUNCTIONS,),
        arn="FunctionArn",
        names=("FunctionName",),
        properties={
            **same(
                "FunctionName Description Runtime Role Handler Timeout MemorySize TracingConfig"
                " DeadLetterConfig Architectures EphemeralStorage PackageType FileSystemConfigs"
            ),
            "Environment": "Environment.{Variables: Variables}",
            "KmsKeyArn": "KMSKeyArn",
            "Layers": "Layers[].Arn",
            "SnapStart": "SnapStart.{ApplyOn: ApplyOn}",
            "LoggingConfig": "LoggingConfig.{LogFormat: LogFormat, LogGroup: LogGroup,"
            " ApplicationLogLevel: ApplicationLogLevel, SystemLogLevel: SystemLogLevel}",
            "VpcConfig": "VpcConfig.{SubnetIds: SubnetIds, SecurityGroupIds: SecurityGroupIds}",
        },
        links={
            "Role": "AWS::IAM::Role",
            "VpcConfig.SubnetIds": SUBNET,
            "VpcConfig.SecurityGroupIds": GROUP,
            "KmsKeyArn": "AWS::KMS::Key",
        },
        never="Code",
        reads=(
            Read(
                Call(
                    "lambda",
                    "GetFunctionConcurrency",
                    given={"FunctionName": "FunctionName"},
                ),
                properties={"ReservedConcurrentExecutions": "ReservedConcurrentExecutions"},
            ),
            Read(
                Call("lambda", "ListTags", given={"Resource": "FunctionArn"}),
                properties={"Tags": "entries(Tags, 'Key', 'Value')"},
            ),
        ),
    ),
    Collector(
        "AWS::Lambda::Url",
        (
            _FUNCTIONS,
            Call(
                "lambda",
                "ListFunctionUrlConfigs",
                "FunctionUrlConfigs[]",
                given={"FunctionName": "FunctionName"},
                absent=("ResourceNotFoundException",),
            ),
        ),
        arn="join('/', [FunctionArn, 'url'])",
        properties={**same("AuthType Cors InvokeMode"), "TargetFunctionArn": "FunctionArn"},
        links={"TargetFunctionArn": _FUNCTION},
    ),
    Collector(
        "AWS::Lambda::Permission",
        (
            _FUNCTIONS,
            Call(
                "lambda",
                "GetPolicy",
                _statements,
                given={"FunctionName": "FunctionName"},
                absent=("ResourceNotFoundException",),
            ),
        ),
        arn="join('/', [_parent.FunctionArn, 'permission', Sid || 'statement'])",
        properties={
            **same("Action Principal SourceArn SourceAccount PrincipalOrgID FunctionUrlAuthType"),
            "FunctionName": "_parent.FunctionArn",
        },
        links={"FunctionName": _FUNCTION},
    ),
    Collector(
        _REST,
        (_APIS,),
        arn="arn:{partition}:apigateway:{region}::/restapis/{id}",
        names=("id",),
        properties={
            "Name": "name",
            "EndpointConfiguration": "endpointConfiguration.{Types: types}",
            "Policy": _policy,
            "DisableExecuteApiEndpoint": "disableExecuteApiEndpoint",
            "Description": "description",
            "ApiKeySourceType": "apiKeySource",
            "BinaryMediaTypes": "binaryMediaTypes",
            "MinimumCompressionSize": "minimumCompressionSize",
            "Tags": "entries(tags, 'Key', 'Value')",
        },
    ),
    Collector(
        "AWS::ApiGateway::Stage",
        (
            _APIS,
            Call(
                "apigateway",
                "GetStages",
                "item[]",
                given={"restApiId": "id"},
                action="apigateway:GET",
            ),
        ),
        arn="arn:{partition}:apigateway:{region}::/restapis/{_parent[id]}/stages/{stageName}",
        names=("stageName",),
        properties={
            "StageName": "stageName",
            "RestApiId": "_parent.id",
            "CacheClusterEnabled": "cacheClusterEnabled",
            "CacheClusterSize": "cacheClusterSize",
            "TracingEnabled": "tracingEnabled",
            "MethodSettings": _stage,
            "AccessLogSetting": "accessLogSettings.{DestinationArn: destinationArn,"
            " Format: format}",
            "DeploymentId": "deploymentId",
            "Description": "description",
            "ClientCertificateId": "clientCertificateId",
            "Variables": "variables",
            "Tags": "entries(tags, 'Key', 'Value')",
        },
        links={"RestApiId": _REST},
    ),
    Collector(
        "AWS::ApiGateway::Method",
        (
            _APIS,
            Call(
                "apigateway",
                "GetResources",
                _methods,
                given={"restApiId": "id"},
                fixed={"embed": ["methods"]},
                action="apigateway:GET",
            ),
        ),
        arn="arn:{partition}:apigateway:{region}::/restapis/{_parent[id]}/resources/{resourceId}"
        "/methods/{httpMethod}",
        properties={
            "RestApiId": "_parent.id",
            "ResourceId": "resourceId",
            "HttpMethod": "httpMethod",
            "AuthorizationType": "authorizationType",
            "ApiKeyRequired": "apiKeyRequired",
            "AuthorizerId": "authorizerId",
            "AuthorizationScopes": "authorizationScopes",
            "OperationName": "operationName",
        },
        links={"RestApiId": _REST},
    ),
    Collector(
        _HTTP,
        (_HTTP_APIS,),
        arn="arn:{partition}:apigateway:{region}::/apis/{ApiId}",
        names=("ApiId",),
        properties=same(
            "Name Description Version ProtocolType DisableExecuteApiEndpoint CorsConfiguration"
            " RouteSelectionExpression ApiKeySelectionExpression DisableSchemaValidation Tags"
        ),
    ),
    Collector(
        "AWS::ApiGatewayV2::Route",
        (
            _HTTP_APIS,
            Call(
                "apigatewayv2",
                "GetRoutes",
                "Items[]",
                given={"ApiId": "ApiId"},
                action="apigateway:GET",
            ),
        ),
        arn="arn:{partition}:apigateway:{region}::/apis/{_parent[ApiId]}/routes/{RouteId}",
        properties={
            **same(
                "RouteKey AuthorizationType ApiKeyRequired AuthorizerId AuthorizationScopes Target"
                " OperationName"
            ),
            "ApiId": "_parent.ApiId",
        },
        links={"ApiId": _HTTP},
    ),
    Collector(
        "AWS::ApiGatewayV2::Stage",
        (
            _HTTP_APIS,
            Call(
                "apigatewayv2",
                "GetStages",
                "Items[]",
                given={"ApiId": "ApiId"},
                action="apigateway:GET",
            ),
        ),
        arn="arn:{partition}:apigateway:{region}::/apis/{_parent[ApiId]}/stages/{StageName}",
        names=("StageName",),
        properties={
            **same(
                "StageName Description AutoDeploy DeploymentId ClientCertificateId"
                " DefaultRouteSettings RouteSettings AccessLogSettings StageVariables Tags"
            ),
            "ApiId": "_parent.ApiId",
        },
        links={"ApiId": _HTTP},
    ),
)
