"""What stands before everything: distributions, zones and their records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, same

_ZONE = "AWS::Route53::HostedZone"
_CONTROL = "AWS::CloudFront::OriginAccessControl"
_FIREWALL = "AWS::WAFv2::WebACL"
_ZONES = Call("route53", "ListHostedZones", "HostedZones[]")
# Names that CloudFormation writes otherwise.
_SPELLED = {
    "OriginSslProtocols": "OriginSSLProtocols",
    "ACMCertificateArn": "AcmCertificateArn",
    "IAMCertificateId": "IamCertificateId",
    "SSLSupportMethod": "SslSupportMethod",
}


def _configuration(answer: Mapping[str, Any]) -> Any:
    """A distribution's configuration with the lists and names that templates have."""
    shaped = _shaped(answer.get("DistributionConfig", {}))
    groups = answer.get("DistributionConfig", {}).get("OriginGroups") or {}
    shaped["OriginGroups"] = {"Items": _shaped(groups.get("Items") or []) or None}
    shaped["Logging"] = _logging(shaped.get("Logging") or {})
    return shaped


def _logging(logging: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where access is logged; a template that logs nowhere leaves it out."""
    return dict(logging) if logging.get("Bucket") else None


def _shaped(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "Quantity" in value and set(value) <= {"Quantity", "Items", "CachedMethods"}:
            return _shaped(value.get("Items") or [])
        return {_SPELLED.get(name, name): _shaped(item) for name, item in value.items()}
    return [_shaped(item) for item in value] if isinstance(value, list) else value


COLLECTORS = (
    Collector(
        "AWS::CloudFront::Distribution",
        (
            Call("cloudfront", "ListDistributions", "DistributionList.Items[]"),
            Call("cloudfront", "GetDistributionConfig", "@", given={"Id": "Id"}),
        ),
        arn="_parent.ARN",
        names=("_parent.Id", "_parent.DomainName"),
        properties={"DistributionConfig": _configuration},
        links={
            "DistributionConfig.WebACLId": _FIREWALL,
            "DistributionConfig.Origins.OriginAccessControlId": _CONTROL,
        },
        live={"DomainName": "_parent.DomainName", "Status": "_parent.Status"},
    ),
    Collector(
        _CONTROL,
        (Call("cloudfront", "ListOriginAccessControls", "OriginAccessControlList.Items[]"),),
        arn="arn:{partition}:cloudfront::{account}:origin-access-control/{Id}",
        names=("Id",),
        properties={
            "OriginAccessControlConfig": "{Name: Name, SigningProtocol: SigningProtocol,"
            " SigningBehavior: SigningBehavior,"
            " OriginAccessControlOriginType: OriginAccessControlOriginType}"
        },
    ),
    Collector(
        _ZONE,
        (_ZONES,),
        arn="join('', ['arn:aws:route53:::hostedzone/', last_of(Id, '/')])",
        names=("Id", "last_of(Id, '/')", "Name"),
        properties={"Name": "Name", "HostedZoneConfig": "Config.{Comment: Comment}"},
        live={"Private": "Config.PrivateZone", "Records": "ResourceRecordSetCount"},
    ),
    Collector(
        "AWS::Route53::RecordSet",
        (
            _ZONES,
            Call(
                "route53",
                "ListResourceRecordSets",
                "ResourceRecordSets[?Type != 'NS' && Type != 'SOA']",
                given={"HostedZoneId": "Id"},
            ),
        ),
        arn="join('/', ['arn:aws:route53:::hostedzone', last_of(_parent.Id, '/'), Name, Type,"
        " SetIdentifier || ''])",
        properties={
            **same(
                "Name Type TTL SetIdentifier Weight Region Failover HealthCheckId MultiValueAnswer"
                " GeoLocation"
            ),
            "HostedZoneId": "_parent.Id",
            "ResourceRecords": "ResourceRecords[].Value",
            "AliasTarget": "AliasTarget",
        },
        links={"HostedZoneId": _ZONE, "HealthCheckId": "AWS::Route53::HealthCheck"},
        never="HostedZoneName",
    ),
    Collector(
        "AWS::Route53::HealthCheck",
        (Call("route53", "ListHealthChecks", "HealthChecks[]"),),
        arn="arn:{partition}:route53:::healthcheck/{Id}",
        names=("Id",),
        properties={"HealthCheckConfig": "HealthCheckConfig"},
    ),
)
