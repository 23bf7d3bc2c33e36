"""The cost lines of the sample run and what its owners declared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from analyzer.cost_lines import CostLine, Declared, DeclaredLine, LineKind

_AS_OF = date(2026, 11, 14)
_SOURCE = "AWS price list, AmazonEC2 offer of 2026-11-14"
_USD_PER_EUR = Decimal("1.16")
_HOURS = Decimal(730)


def _priced(
    resource: str,
    type_: str,
    name: str,
    quantity: Decimal | int,
    unit: str,
    price: str,
    assumption: str = "",
) -> CostLine:
    service, component = name.split("/")
    amount = Decimal(quantity) * Decimal(price)
    return CostLine(
        resource=resource,
        type=type_,
        service=service,
        component=component,
        kind=LineKind.PRICED,
        quantity=Decimal(quantity),
        unit=unit,
        unit_price=Decimal(price),
        usd=amount,
        assumption=assumption,
        stack="main",
        key=name.lower(),
        as_of=_AS_OF,
        source=_SOURCE,
    )


def _unpriced(resource: str, type_: str, kind: LineKind, reason: str, name: str) -> CostLine:
    service, component = name.split("/")
    return CostLine(resource, type_, service, component, kind, reason=reason, stack="main")


def moodle_cost(instances: int) -> tuple[CostLine, ...]:
    """The moodle system's cost with a number of running instances."""
    return (
        _priced("WebGroup", "AWS::AutoScaling::AutoScalingGroup", "EC2/instance-hours",
                _HOURS * instances, "h", "0.0472", f"{instances} instances run on average"),
        _priced("MoodleLaunchTemplate", "AWS::EC2::LaunchTemplate", "EBS/storage",
                30 * instances, "GiB", "0.0928"),
        _priced("DatabaseCluster", "AWS::RDS::DBCluster", "RDS/instance-hours",
                _HOURS * 2, "h", "0.0960"),
        _priced("DatabaseCluster", "AWS::RDS::DBCluster", "RDS/extended-support",
                _HOURS * 4, "vCPU-h", "0.115", "Aurora MySQL 5.7, year 2 of Extended Support"),
        _priced("DatabaseCluster", "AWS::RDS::DBCluster", "RDS/storage", 100, "GiB", "0.11"),
        _priced("SharedFiles", "AWS::EFS::FileSystem", "EFS/storage", 500, "GiB", "0.33"),
        _priced("SharedFiles", "AWS::EFS::FileSystem", "EFS/provisioned-throughput",
                75, "MiBps", "6.60", "100 MiB/s less the 25 that 500 GiB include"),
        _priced("NatGateway", "AWS::EC2::NatGateway", "NAT/gateway-hours", _HOURS, "h", "0.050"),
        _priced("NatGateway", "AWS::EC2::NatGateway", "NAT/data-processed", 100, "GiB", "0.050",
                "100 GiB; the profile does not say"),
        _priced("LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "ELB/load-balancer-hours", _HOURS, "h", "0.02646"),
        _priced("MediaBucket", "AWS::S3::Bucket", "S3/storage-standard", 1024, "GiB", "0.024"),
        _priced("Distribution", "AWS::CloudFront::Distribution", "CloudFront/data-out",
                1024, "GiB", "0.085"),
        _unpriced("SessionsCache", "AWS::ElastiCache::CacheCluster", LineKind.UNKNOWN,
                  "parameter `CacheNodeType` has no value in this profile",
                  "ElastiCache/node-hours"),
        _unpriced("EdgeFunction", "AWS::CloudFront::Function", LineKind.NOT_PRICED,
                  "no estimator for this type", "CloudFront/function"),
        *(
            _unpriced(name, type_, LineKind.FREE, "costs nothing by itself", "free/none")
            for name, type_ in (
                ("MoodleVpc", "AWS::EC2::VPC"),
                ("WebSecurityGroup", "AWS::EC2::SecurityGroup"),
                ("DatabaseSecurityGroup", "AWS::EC2::SecurityGroup"),
                ("InstanceRole", "AWS::IAM::Role"),
            )
        ),
    )  # fmt: skip


def total(lines: Iterable[CostLine]) -> Decimal:
    """The priced total of cost lines, USD per month."""
    return sum((line.usd for line in lines if line.usd is not None), Decimal(0))


def declared_moodle() -> Declared:
    """The owner's table, in euros, beside `moodle_cost(2)`."""
    cost = moodle_cost(2)
    table = (
        ("EC2 2 × t3.medium, à la demande", "60", ("EC2/instance-hours",)),
        ("Aurora db.t3.medium Multi-AZ", "120", ("RDS/instance-hours", "RDS/storage")),
        ("ElastiCache cache.t3.micro", "20", ("ElastiCache/node-hours",)),
        ("EFS 500 GB", "150", ("EFS/storage",)),
        ("S3 1 TB and requests", "25", ("S3/storage-standard",)),
        ("ALB with transfer", "25", ("ELB/load-balancer-hours",)),
        ("CloudFront 1 TB", "85", ("CloudFront/data-out",)),
    )
    lines = tuple(_declared_line(cost, *row) for row in table)
    covered = {name for line in lines for name in line.covers}
    usd = total(cost)
    return Declared(
        currency="EUR",
        low=Decimal(485),
        high=Decimal(485),
        estimated_usd=usd,
        estimated=usd / _USD_PER_EUR,
        usd_per_unit=_USD_PER_EUR,
        rate_date=date(2026, 11, 20),
        rate_source="European Central Bank reference rate",
        lines=lines,
        left_out=tuple(
            (line.name, line.usd / _USD_PER_EUR)
            for line in cost
            if line.usd is not None and line.name not in covered
        ),
    )


def _declared_line(
    cost: tuple[CostLine, ...], name: str, amount: str, covers: tuple[str, ...]
) -> DeclaredLine:
    mine = [line for line in cost if line.name in covers]
    usd = total(mine)
    return DeclaredLine(
        name=name,
        declared=Decimal(amount),
        estimated_usd=usd,
        estimated=usd / _USD_PER_EUR,
        covers=covers,
        unknown=tuple(line.name for line in mine if line.kind is LineKind.UNKNOWN),
    )


def clefcloud_cost(profile: str) -> tuple[CostLine, ...]:
    """The clefcloud system's cost in dev or prod."""
    prod = profile == "prod"
    return (
        _priced("AppGroup", "AWS::AutoScaling::AutoScalingGroup", "EC2/instance-hours",
                _HOURS * (2 if prod else 1), "h", "0.0208" if prod else "0.0104"),
        _priced("Database", "AWS::RDS::DBInstance", "RDS/instance-hours",
                _HOURS, "h", "0.072" if prod else "0.018"),
        _priced("Database", "AWS::RDS::DBInstance", "RDS/storage", 20, "GiB", "0.115"),
        _priced("NatGateway", "AWS::EC2::NatGateway", "NAT/gateway-hours", _HOURS, "h", "0.045"),
        _priced("LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "ELB/load-balancer-hours", _HOURS, "h", "0.0225"),
        _priced("ScoresBucket", "AWS::S3::Bucket", "S3/storage-standard",
                500 if prod else 50, "GiB", "0.023"),
    )  # fmt: skip


def declared_clefcloud(profile: str, cost: tuple[CostLine, ...]) -> Declared:
    """The owner's totals in dollars: a range in production, one number in development."""
    usd = total(cost)
    low, high = (Decimal(130), Decimal(150)) if profile == "prod" else (Decimal(45), Decimal(45))
    return Declared(
        currency="USD",
        low=low,
        high=high,
        estimated_usd=usd,
        estimated=usd,
        usd_per_unit=Decimal(1),
        rate_date=None,
        rate_source="",
        left_out=(("NAT/gateway-hours", Decimal("32.85")),),
    )


def projet_e4_cost() -> tuple[CostLine, ...]:
    """The cost of projet-e4 as it was built."""
    return (
        _priced("Database1", "AWS::RDS::DBInstance", "RDS/instance-hours", _HOURS, "h", "0.337"),
        _priced("Database1", "AWS::RDS::DBInstance", "RDS/storage", 400, "GiB", "0.23"),
        _priced("ShopInstance", "AWS::EC2::Instance", "EC2/instance-hours", _HOURS, "h", "0.0208"),
        _priced("GitLabInstance", "AWS::EC2::Instance", "EC2/instance-hours",
                _HOURS, "h", "0.0832"),
        _priced("IaNatGateway", "AWS::EC2::NatGateway", "NAT/gateway-hours", _HOURS, "h", "0.045"),
        _priced("CyberNatGateway", "AWS::EC2::NatGateway", "NAT/gateway-hours",
                _HOURS, "h", "0.045"),
    )  # fmt: skip
