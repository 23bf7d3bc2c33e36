"""Load balancers of small worlds."""

from __future__ import annotations

from typing import Any

from tests.network.worlds import att, entry, host, made, ref, sg

V2 = "ElasticLoadBalancingV2::"


def balanced(
    kind: str,
    *targets: dict[str, Any],
    port: int = 443,
    to: int = 8080,
    target_type: str = "instance",
    **more: Any,
) -> dict[str, Any]:
    protocol = "HTTP" if kind == "application" else "TCP"
    scheme = more.pop("scheme", "internet-facing")
    subnets = [ref(more.pop("subnet", "Public"))]
    action = more.pop("actions", [{"Type": "forward", "TargetGroupArn": ref("Targets")}])
    return {
        "Lb": made(f"{V2}LoadBalancer", Type=kind, Scheme=scheme, Subnets=subnets, **more),
        "Targets": made(
            f"{V2}TargetGroup",
            VpcId=ref("Vpc"),
            Protocol=protocol,
            Port=to,
            TargetType=target_type,
            Targets=list(targets),
        ),
        "Listener": made(
            f"{V2}Listener",
            LoadBalancerArn=ref("Lb"),
            Protocol="HTTPS" if kind == "application" else "TCP",
            Port=port,
            DefaultActions=action,
        ),
    }


LB_GROUPS = {"SecurityGroups": [att("LbSg", "GroupId")]}
HOST = {"Id": ref("Host")}


def behind_alb(to: int = 8080, **more: Any) -> dict[str, Any]:
    return {
        **balanced("application", HOST, to=to, **{**LB_GROUPS, **more}),
        "LbSg": sg(entry(443)),
        "Sg": sg(entry(to, att("LbSg", "GroupId"))),
        "Host": host("Private"),
    }
