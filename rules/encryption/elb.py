"""Listeners that ask for TLS, and for a current one."""

from __future__ import annotations

from analyzer.network import attached
from analyzer.policy import Fail, Resource, Skip, rule

LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
ADVISED = "ELBSecurityPolicy-TLS13-1-2-2021-06"
# Beginnings of the names of policies that take TLS 1.2 or newer only.
CURRENT = (
    "ELBSecurityPolicy-TLS13-1-2-",
    "ELBSecurityPolicy-TLS13-1-3-",
    "ELBSecurityPolicy-TLS-1-2-",
    "ELBSecurityPolicy-FS-1-2-",
)


@rule("ENC-ELB-01", severity="high", on=LISTENER)
def listener_sends_http_to_https(listener: Resource) -> Fail | Skip | None:
    """Application load balancer sends HTTP to HTTPS.

    Passwords and session cookies that are sent over HTTP are read on the way.

    Fix: redirect in the DefaultActions of the HTTP listener, and serve on an HTTPS listener.
    Source: Elastic Load Balancing User Guide for Application Load Balancers, "Redirect actions".
    """
    if listener.Protocol != "HTTP":
        return Skip("does not speak HTTP")
    redirects = any(
        action.Type == "redirect" and action.RedirectConfig.Protocol == "HTTPS"
        for action in listener.DefaultActions
    )
    if not redirects:
        return Fail(
            f"answers HTTP on port {listener.Port} without sending to HTTPS",
            at="DefaultActions",
            fix=lambda: _redirect(listener),
        )


def _redirect(listener: Resource) -> dict[str, object] | None:
    """Send to the HTTPS listener beside this one; making the first one takes a certificate."""
    balancer = listener.follow("LoadBalancerArn")
    for other in attached(balancer, LISTENER, "LoadBalancerArn"):
        if other.Protocol == "HTTPS":
            target = {"Protocol": "HTTPS", "Port": f"{other.Port}", "StatusCode": "HTTP_301"}
            return {"DefaultActions": [{"Type": "redirect", "RedirectConfig": target}]}
    return None


@rule("ENC-ELB-02", severity="medium", on=LISTENER)
def listener_tls_is_current(
    listener: Resource, *, tls_policies: tuple[str, ...] = CURRENT
) -> Fail | Skip | None:
    """Listener TLS policy is current.

    TLS 1.0 and 1.1 are broken and withdrawn; a listener that admits them is downgraded to them.

    Fix: set SslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or newer.
    Source: Elastic Load Balancing User Guide for Application Load Balancers, "Security policies".
    """
    if listener.Protocol not in ("HTTPS", "TLS"):
        return Skip("does not speak TLS")
    if not any(listener.SslPolicy.startswith(policy) for policy in tls_policies):
        return Fail(
            f"takes the policy {listener.SslPolicy}", at="SslPolicy", fix={"SslPolicy": ADVISED}
        )
