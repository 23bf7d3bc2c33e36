"""Gateways whose callers prove who they are."""

from __future__ import annotations

from analyzer.policy import Fail, Fix, Resource, Skip, rule

SIGNED = Fix(
    set={"AuthorizationType": "AWS_IAM"},
    note="let its callers sign their requests, or name an authorizer of your own instead",
)


@rule("NET-APIGW-02", severity="medium", on="AWS::ApiGatewayV2::Route")
def http_route_asks_for_authorisation(route: Resource) -> Fail | Skip | None:
    """Route of an HTTP API asks for authorisation.

    What stands behind an open route is called by whoever finds its address. Of a WebSocket API,
    the route $connect asks, for all others.

    Fix: set AuthorizationType to JWT, AWS_IAM or CUSTOM.
    Source: Amazon API Gateway Developer Guide, "Control and manage access to HTTP APIs" and
        "Control and manage access to WebSocket APIs".
    """
    if route.AuthorizationType and route.AuthorizationType != "NONE":
        return None
    if route.RouteKey.startswith("OPTIONS "):
        return Skip("answers the preflight of browsers, which carries no proof")
    if _is_within_a_connection(route):
        return Skip("is called within a connection, which $connect admits")
    return Fail("answers everybody", at="AuthorizationType", fix=SIGNED)


def _is_within_a_connection(route: Resource) -> bool:
    """Whether a route is one of a WebSocket API, and not the one that opens a connection."""
    if " /" in route.RouteKey or route.RouteKey == "$connect":
        return False
    return route.RouteKey != "$default" or bool(route.follow("ApiId").ProtocolType == "WEBSOCKET")


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
        return Fail("answers everybody", at="AuthorizationType", fix=SIGNED)
