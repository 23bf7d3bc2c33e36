"""The edge: Amazon CloudFront, Amazon Route 53 and AWS WAF."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from analyzer.cost.book import GLOBAL
from analyzer.cost.registry import Charge, Component, Context, NotPriced, estimator
from analyzer.cost.usage import CLOUDFRONT_AREAS
from analyzer.model import Resource

_DISTRIBUTION = "AWS::CloudFront::Distribution"
_ACL = "AWS::WAFv2::WebACL"
_HOME = "Europe"  # where viewers are when usage gives one number
_READS = "GET and HEAD"
_FAST_SECONDS = 10  # between two requests of a health check with the fast option


def _area(name: str) -> str:
    return f"edge:{CLOUDFRONT_AREAS[name]}"


@estimator(_DISTRIBUTION, name="CloudFront/data-out")
def data_out(distribution: Resource, context: Context) -> Iterator[Charge]:
    """GiB to viewers, by the area that they are in."""
    by_area = context.usage.by_name("data_out_gib", _HOME)
    if not by_area:
        why = "data_out_gib not declared: 0 assumed"
        yield Charge("cloudfront.dt.out.internet", Decimal(0), why, region=_area(_HOME))
    for area, gib in by_area.items():
        why = f"usage: {gib:,f} GiB to viewers in {area}"
        yield Charge("cloudfront.dt.out.internet", gib, why, region=_area(area))


@estimator(_DISTRIBUTION, name="CloudFront/requests")
def requests(distribution: Resource, context: Context) -> Iterator[Charge]:
    """Requests, spread over the areas as the data are."""
    by_area = context.usage.by_name("data_out_gib", _HOME)
    total = sum(by_area.values(), Decimal(0))
    for scheme in ("https", "http"):
        count = context.usage.amount(f"{scheme}_requests")
        if scheme == "http" and not count.value:
            continue
        shares = {area: gib / total for area, gib in by_area.items()} if total else {_HOME: 1}
        for area, share in shares.items():
            key = f"cloudfront.request.{scheme}"
            quantity = count.value * share
            yield Charge(key, quantity, count.assumption, variant=_READS, region=_area(area))


@estimator("AWS::Route53::HostedZone", name="Route53/hosted-zones")
def zones(zone: Resource, context: Context) -> Charge:
    """Each zone."""
    return Charge("route53.zone", Decimal(1), region=GLOBAL)


@estimator("AWS::Route53::HostedZone", name="Route53/queries")
def queries(zone: Resource, context: Context) -> Charge:
    """Standard queries; those of alias records to AWS resources are free."""
    return context.charged("route53.query.standard", "queries", region=GLOBAL)


@estimator("AWS::Route53::HealthCheck", name="Route53/health-checks")
def health_checks(check: Resource, context: Context) -> Iterator[Component]:
    """Each check, and each of its options: HTTPS, text matching, fast interval, latency."""
    settings = check.HealthCheckConfig
    outside = _is_outside(settings.FullyQualifiedDomainName or settings.IPAddress, context)
    where = "non-aws" if outside else "aws"
    why = "an endpoint outside AWS assumed: no declared alias record has its name"
    key = f"route53.health-check.{where}"
    yield Charge(key, Decimal(1), why if outside else "", region=GLOBAL)
    options = [
        str(settings.Type).startswith("HTTPS"),
        str(settings.Type).endswith("STR_MATCH"),
        settings.RequestInterval == _FAST_SECONDS,
        bool(settings.MeasureLatency),
    ]
    if any(options) and outside:
        yield NotPriced("options of checks outside AWS are not in the price book")
    elif any(options):
        yield Charge("route53.health-check.option.aws", Decimal(sum(options)), region=GLOBAL)


def _is_outside(endpoint: Any, context: Context) -> bool:
    """Whether a check's endpoint is a literal that no alias record leads into AWS."""
    if not isinstance(endpoint, str):
        return False
    records = context.inventory.of("AWS::Route53::RecordSet")
    names = [record.Name for record in records if record.AliasTarget]
    return not any(isinstance(name, str) and name.rstrip(".") == endpoint for name in names)


@estimator(_ACL, name="WAF/web-acls")
def web_acls(acl: Resource, context: Context) -> Charge:
    """Each web ACL."""
    return Charge("waf.webacl", Decimal(1))


@estimator(_ACL, name="WAF/rules")
def web_rules(acl: Resource, context: Context) -> Charge:
    """Each rule or rule group in the ACL."""
    return Charge("waf.rule", Decimal(len(list(acl.Rules))))


@estimator(_ACL, name="WAF/requests")
def web_requests(acl: Resource, context: Context) -> Charge:
    """Requests judged, within 1,500 capacity units."""
    return context.charged("waf.request", "requests")
