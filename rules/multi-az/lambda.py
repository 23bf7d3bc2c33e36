"""Functions that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.network import shown_zones, zones_named
from analyzer.policy import Fail, Resource, Skip, rule
from analyzer.policy.fixes import in_another_zone


@rule("MAZ-LAM-01", severity="medium", on="AWS::Lambda::Function")
def function_reaches_zones(function: Resource, *, min_zones: int = 2) -> Fail | Skip | None:
    """Function attached to a network reaches two zones.

    A function that is attached to subnets of one zone cannot run while that zone is lost.

    Fix: name subnets of two or more zones in VpcConfig.
    Source: AWS Security Hub User Guide, "Security Hub controls for AWS Lambda", Lambda.5.
    """
    if not function.VpcConfig.SubnetIds:
        return Skip("is attached to no network")
    zones = zones_named(function.VpcConfig, "SubnetIds")
    if len(zones) < min_zones:
        return Fail(
            f"runs in {shown_zones(zones)} only",
            at="VpcConfig/SubnetIds",
            fix=lambda: in_another_zone(function.VpcConfig, "SubnetIds", min_zones),
        )
