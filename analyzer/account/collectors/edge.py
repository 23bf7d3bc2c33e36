"""What stands before everything: distributions, zones and their records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, Read, same

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
    "IsIPV6Enabled": "IPV6Enabled",
    "CustomHeaders": "OriginCustomHeaders",
}
# What the API tells and a template cannot say; the certificate's other fields say the last two.
_UNSAID = {"CallerReference", "Certificate", "CertificateSource"}
# Lists that templates, too, write as a map of their items and their quantity.
_COUNTED = {"OriginGroups", "Members", "StatusCodes"}


def _configuration(answer: Mapping[str, Any]) -> Any:
    """A distribution's configuration with the lists and names that templates have."""
    shaped = _shaped(answer.get("DistributionConfig", {}))
    shaped["Logging"] = _logging(shaped.get("Logging") or {})
    return shaped


def _logging(logging: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where access is logged; a template that logs nowhere leaves it out."""
    told = {name: value for name, value in logging.items() if name != "Enabled"}
    return told if logging.get("Bucket") else None


def _shaped(value: Any) -> Any:
    if isinstance(value, list):
        return [_shaped(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "RestrictionType" in value:
        return {
            "RestrictionType": value["RestrictionType"],
            "Locations": value.get("Items") or None,
        }
    if "Quantity" in value:
        return _shaped(value.get("Items") or [])
    shaped = {
        _SPELLED.get(name, name): _counted(item) if name in _COUNTED else _shaped(item)
        for name, item in value.items()
        if name not in _UNSAID
    }
    methods = value.get("AllowedMethods")
    if isinstance(methods, Mapping):
        shaped["CachedMethods"] = _shaped(methods.get("CachedMethods"))
    return shaped


def _counted(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return None
    items = _shaped(value.get("Items") or [])
    return {"Quantity": len(items), "Items": items or None}


def _checked(item: Mapping[str, Any]) -> dict[str, Any]:
    """What is checked; that a check is paused is no property of it."""
    return {name: value for name, value in item["HealthCheckConfig"].items() if name != "Disabled"}


def _tags(name: str, kind: str) -> Read:
    given = {"ResourceType": f"'{kind}'", "ResourceId": "last_of(Id, '/')"}
    return Read(
        Call("route53", "ListTagsForResource", given=given),
        properties={name: "ResourceTagSet.Tags"},
    )


COLLECTORS = (
    Collector(
        "AWS::CloudFront::Distribution",
        (Call("cloudfront", "ListDistributions", "DistributionList.Items[]"),),
        arn="ARN",
        names=("Id", "DomainName"),
        properties={},
        links={
            "DistributionConfig.WebACLId": _FIREWALL,
            "DistributionConfig.Origins.OriginAccessControlId": _CONTROL,
        },
        live={"DomainName": "DomainName", "Status": "Status"},
        reads=(
            Read(
                Call(
                    "cloudfront",
                    "GetDistributionConfig",
                    given={"Id": "Id"},
                    absent=("NoSuchDistribution",),
                ),
                properties={"DistributionConfig": _configuration},
                essential=True,
            ),
            Read(
                Call("cloudfront", "ListTagsForResource", given={"Resource": "ARN"}),
                properties={"Tags": "Tags.Items"},
            ),
        ),
    ),
    Collector(
        _CONTROL,
        (
            Call(
                "cloudfront",
                "ListOriginAccessControls",
                "OriginAccessControlList.Items[]",
                paging={
                    "input_token": "Marker",
                    "output_token": "OriginAccessControlList.NextMarker",
                    "result_key": "OriginAccessControlList.Items",
                },
            ),
        ),
        arn="arn:{partition}:cloudfront::{account}:origin-access-control/{Id}",
        names=("Id",),
        properties={
            "OriginAccessControlConfig": "{Name: Name, SigningProtocol: SigningProtocol,"
            " SigningBehavior: SigningBehavior,"
            " OriginAccessControlOriginType: OriginAccessControlOriginType,"
            " Description: Description}"
        },
    ),
    Collector(
        _ZONE,
        (_ZONES,),
        arn="join('', ['arn:aws:route53:::hostedzone/', last_of(Id, '/')])",
        names=("Id", "last_of(Id, '/')", "Name"),
        properties={"Name": "Name", "HostedZoneConfig": "Config.{Comment: Comment}"},
        live={"Private": "Config.PrivateZone", "Records": "ResourceRecordSetCount"},
        reads=(
            Read(
                Call("route53", "GetHostedZone", given={"Id": "Id"}, absent=("NoSuchHostedZone",)),
                properties={"VPCs": "VPCs[].{VPCId: VPCId, VPCRegion: VPCRegion}"},
            ),
            _tags("HostedZoneTags", "hostedzone"),
        ),
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
        properties={"HealthCheckConfig": _checked},
        reads=(_tags("HealthCheckTags", "healthcheck"),),
    ),
)
