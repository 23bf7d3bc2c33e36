"""Search domains and the internet."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule(
    "NET-OS-01",
    severity="critical",
    on=("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"),
)
def domain_lives_in_a_network(domain: Resource) -> Fail | None:
    """Search domain lives in a network.

    A domain with a public endpoint is guarded by its access policy alone.

    Fix: set VPCOptions; an existing domain is replaced.
    Source: Amazon OpenSearch Service Developer Guide, "Launching your domains within a VPC".
    """
    if not domain.VPCOptions.SubnetIds:
        return Fail("has a public endpoint", at="VPCOptions")
