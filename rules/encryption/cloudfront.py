"""Distributions that speak TLS, to viewers and to origins."""

from __future__ import annotations

from analyzer.policy import Fail, Fix, Props, Resource, rule
from analyzer.policy.fixes import place

DISTRIBUTION = "AWS::CloudFront::Distribution"
CURRENT = ("TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025")
WIDELY_SPOKEN = "TLSv1.2_2021"
OLD = ("SSLv3", "TLSv1", "TLSv1.1")


def _behaviours(distribution: Resource) -> list[Props]:
    config = distribution.DistributionConfig
    return [config.DefaultCacheBehavior, *config.CacheBehaviors]


@rule("ENC-CF-01", severity="medium", on=DISTRIBUTION)
def viewers_use_https(distribution: Resource) -> list[Fail]:
    """Distribution serves HTTPS only.

    What is fetched over HTTP can be read and changed on the way.

    Fix: set ViewerProtocolPolicy of every behaviour to redirect-to-https or https-only.
    Source: Amazon CloudFront Developer Guide, "Require HTTPS for communication between viewers and
        CloudFront".
    """
    return [
        Fail(
            "answers viewers on plain HTTP",
            at=behaviour.at("ViewerProtocolPolicy"),
            fix={place(behaviour.at("ViewerProtocolPolicy")): "redirect-to-https"},
        )
        for behaviour in _behaviours(distribution)
        if behaviour.ViewerProtocolPolicy == "allow-all"
    ]


@rule("ENC-CF-02", severity="medium", on=DISTRIBUTION)
def viewers_use_current_tls(
    distribution: Resource, *, viewer_protocols: tuple[str, ...] = CURRENT
) -> Fail | None:
    """Distribution requires TLS 1.2 from viewers.

    CloudFront's own certificate goes with TLS 1.0; only a certificate of one's own can ask for
    more.

    Fix: set AcmCertificateArn, SslSupportMethod, and MinimumProtocolVersion TLSv1.2_2021 in
        ViewerCertificate.
    Source: Amazon CloudFront Developer Guide, "Supported protocols and ciphers between viewers and
        CloudFront".
    """
    certificate = distribution.DistributionConfig.ViewerCertificate
    if not certificate or certificate.CloudFrontDefaultCertificate:
        return Fail(
            "uses CloudFront's own certificate, which admits TLS 1.0",
            at="DistributionConfig/ViewerCertificate",
        )
    if certificate.MinimumProtocolVersion not in viewer_protocols:
        return Fail(
            f"admits viewers from {certificate.MinimumProtocolVersion or 'TLSv1'} on",
            at=certificate.at("MinimumProtocolVersion"),
            fix={place(certificate.at("MinimumProtocolVersion")): _preferred(viewer_protocols)},
        )


def _preferred(protocols: tuple[str, ...]) -> str:
    """The protocol that most viewers speak, where it is agreed."""
    return WIDELY_SPOKEN if WIDELY_SPOKEN in protocols else protocols[0]


@rule("ENC-CF-03", severity="medium", on=DISTRIBUTION)
def origins_are_reached_by_https(distribution: Resource) -> list[Fail]:
    """Distribution talks TLS to custom origins.

    Between CloudFront and the origin lies the internet.

    Fix: set OriginProtocolPolicy of custom origins to https-only.
    Source: Amazon CloudFront Developer Guide, "Require HTTPS for communication between CloudFront
        and your custom origin".
    """
    fails = []
    for origin in distribution.DistributionConfig.Origins:
        policy = origin.CustomOriginConfig.OriginProtocolPolicy
        if policy == "http-only":
            fails.append(_asking(origin, "asks an origin over plain HTTP"))
        elif policy == "match-viewer" and viewers_use_https(distribution):
            fails.append(_asking(origin, "asks an origin over plain HTTP where viewers do"))
    return fails


def _asking(origin: Props, reason: str) -> Fail:
    policy = place(origin.CustomOriginConfig.at("OriginProtocolPolicy"))
    return Fail(
        reason,
        at=origin.at("CustomOriginConfig"),
        fix=Fix(
            set={policy: "https-only"},
            note="let the origin answer by HTTPS, with a certificate that CloudFront trusts",
        ),
    )


@rule("ENC-CF-04", severity="medium", on=DISTRIBUTION)
def origins_use_current_tls(distribution: Resource) -> list[Fail]:
    """Distribution avoids old TLS versions to origins.

    SSL 3, TLS 1.0 and TLS 1.1 are broken and withdrawn.

    Fix: leave TLSv1.2 alone in OriginSSLProtocols.
    Source: Amazon CloudFront Developer Guide, "Supported protocols and ciphers between CloudFront
        and the origin".
    """
    return [
        Fail(
            f"takes {protocol} to an origin",
            at=origin.CustomOriginConfig.at("OriginSSLProtocols"),
            fix={place(origin.CustomOriginConfig.at("OriginSSLProtocols")): ["TLSv1.2"]},
        )
        for origin in distribution.DistributionConfig.Origins
        for protocol in origin.CustomOriginConfig.OriginSSLProtocols
        if protocol in OLD
    ]
