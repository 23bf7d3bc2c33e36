"""Monthly amounts that others published, against what we estimate for the same inputs.

The expected figures are theirs; the book's prices stand nowhere here. Where a source leaves out the
account's free allowances, the comparison is with the amount before them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from analyzer.cost.book import embedded
from analyzer.cost.book.rate import ENDLESS, ZERO, Rate, Tier
from analyzer.model import Resource
from analyzer.unknown import Reference

INSTANCE = "AWS::EC2::Instance"
IRELAND = "eu-west-1"


def private_instances(aws, count, type_, gib, kind):
    subnet = aws("AWS::EC2::Subnet", "Private", MapPublicIpOnLaunch=False)
    machines = [
        aws(
            INSTANCE,
            f"Machine{index}",
            InstanceType=type_,
            SubnetId=Reference("main/Private"),
            BlockDeviceMappings=[{"Ebs": {"VolumeSize": gib, "VolumeType": kind}}],
        )
        for index in range(count)
    ]
    return [subnet, *machines]


def secrets(aws, count):
    return [aws("AWS::SecretsManager::Secret", f"Secret{index}") for index in range(count)]


def test_b1_five_secrets_and_two_thousand_calls(aws, bill):
    """Gist of ranchodeluxe, 2023-03, from AWS's calculator."""
    usage = {"Secret0": {"api_calls": 2000}}
    assert bill(*secrets(aws, 5), usage=usage).usd() == Decimal("2.01")


def test_b2_images_and_a_tebibyte_out(aws, bill):
    """The same gist; without the free 100 GB."""
    usage = {"It": {"storage_gib": 50}, "network": {"internet_out_gib": 1024}}
    assert bill(aws("AWS::ECR::Repository"), usage=usage).gross() == Decimal("97.16")


def test_b3_fargate_fifty_tasks_a_day_of_three_hours(aws, bill):
    """The same gist: 50 x 3 h x 730/24 days are 4,562.5 task-hours, 6.25 tasks on average."""
    task = aws(
        "AWS::ECS::TaskDefinition",
        "Task",
        Cpu="4096",
        Memory="16384",
        EphemeralStorage={"SizeInGiB": 200},
    )
    service = aws(
        "AWS::ECS::Service", "Jobs", LaunchType="FARGATE", TaskDefinition=Reference("main/Task")
    )
    usage = {"Jobs": {"tasks": "6.25"}}
    assert bill(task, service, usage=usage).usd() == Decimal("1154.40")


@pytest.mark.parametrize(
    ("count", "type_", "gib", "kind", "expected"),
    [
        pytest.param(6, "t3.xlarge", 30, "gp2", "746.83", id="b4-readme-calculator"),
        pytest.param(6, "c5.xlarge", 30, "gp2", "762.60", id="b5-readme-calculator"),
        pytest.param(2, "t3.medium", 20, "gp3", "63.94", id="b10-aws-guidance-readme"),
        pytest.param(2, "c6g.xlarge", 30, "gp3", "203.36", id="b13-calculator-quote"),
    ],
)
def test_instances_with_volumes(aws, bill, count, type_, gib, kind, expected):
    machines = private_instances(aws, count, type_, gib, kind)
    assert bill(*machines).usd() == Decimal(expected)


def test_b6_four_tebibytes_in_standard(aws, bill):
    """README quoting AWS's calculator."""
    lines = bill(aws("AWS::S3::Bucket"), usage={"It": {"storage_gib": 4096}})
    assert lines.usd() == Decimal("94.21")


def test_b7_zones_and_health_checks_without_resolver_interfaces(aws, bill):
    """The same README: 938.50, less 10 resolver interfaces x 0.125 x 730 h, not priced here."""
    zones = [aws("AWS::Route53::HostedZone", f"Zone{index}") for index in range(2)]
    balancer = aws("AWS::ElasticLoadBalancingV2::LoadBalancer", "Balancer", Scheme="internal")
    address = Reference("main/Balancer", "DNSName")
    checks = [
        aws(
            "AWS::Route53::HealthCheck",
            f"Check{index}",
            HealthCheckConfig={"Type": "HTTP", "FullyQualifiedDomainName": address},
        )
        for index in range(100)
    ]
    lines = bill(balancer, *zones, *checks)
    names = ("Route53/hosted-zones", "Route53/queries", "Route53/health-checks")
    assert lines.usd(*names) == Decimal("938.50") - 10 * Decimal("0.125") * 730


def test_b8_two_nat_gateways(aws, bill):
    """The same README; 8,192 GB follow from the amount."""
    gateways = [aws("AWS::EC2::NatGateway", f"Nat{index}") for index in range(2)]
    lines = bill(*gateways, usage={"Nat0": {"processed_gib": 8192}})
    assert lines.usd("NAT/gateway-hours", "NAT/data-processed") == Decimal("434.34")


def test_b9_aurora_postgresql_to_the_unquoted_io(aws, bill):
    """The same README: 6,560.05 has about a dollar of I/O in it that it does not quote."""
    cluster = aws("AWS::RDS::DBCluster", "Cluster", Engine="aurora-postgresql")
    members = [
        aws(
            "AWS::RDS::DBInstance",
            f"Member{index}",
            Engine="aurora-postgresql",
            DBInstanceClass="db.r6g.8xlarge",
            DBClusterIdentifier=Reference("main/Cluster"),
        )
        for index in range(2)
    ]
    usage = {"Cluster": {"storage_gib": 4096, "backup_gib": 4096}}
    total = bill(cluster, *members, usage=usage).usd()
    assert Decimal("1.00") < Decimal("6560.05") - total < Decimal("1.10")


def test_b11_cloudfront_in_the_united_states():
    """AWS guidance README: 1 GB out, 500,000 HTTPS requests, 1 GB to the origin, nothing free."""
    area = "edge:United States"
    book = embedded()
    out = book.rate(area, "cloudfront.dt.out.internet")
    https = book.rate(area, "cloudfront.request.https", variant="GET and HEAD")
    origin = book.rate(area, "cloudfront.dt.out.origin")
    total = out.cost(Decimal(1)) + https.cost(Decimal(500_000)) + origin.cost(Decimal(1))
    assert total.quantize(Decimal("0.001")) == Decimal("0.605")  # shown there as 0.61


def test_b12_two_secrets_and_a_hundred_thousand_calls(aws, bill):
    """AWS sample README."""
    usage = {"Secret0": {"api_calls": 100_000}}
    assert bill(*secrets(aws, 2), usage=usage).usd() == Decimal("1.30")


def test_b13_one_address_and_a_hundred_gigabytes_out(aws, bill):
    """Quote from AWS's calculator: 3.65 and 9.00, the first 100 GB not free."""
    lines = bill(aws("AWS::EC2::EIP"), usage={"network": {"internet_out_gib": 100}})
    assert lines.usd("VPC/public-ipv4") == Decimal("3.65")
    assert lines.gross() == Decimal("12.65")


def test_b14_nat_gateway_with_ten_gigabytes(aws, bill):
    """AWS guidance for ECS canaries."""
    lines = bill(aws("AWS::EC2::NatGateway"), usage={"It": {"processed_gib": 10}})
    assert lines.usd("NAT/gateway-hours", "NAT/data-processed") == Decimal("33.30")


def test_b15_a_million_queue_requests_are_free_and_ten_gigabytes_counted(aws, bill):
    """The calculator grants the free million of SQS and not the free 100 GB: 0.90."""
    usage = {"It": {"requests": 1_000_000}, "network": {"internet_out_gib": 10}}
    lines = bill(aws("AWS::SQS::Queue"), usage=usage)
    assert lines.usd("SQS/requests") == 0
    assert lines.gross() - Decimal("0.40") == Decimal("0.90")


@pytest.mark.parametrize(
    ("gib_months", "expected"),
    [
        pytest.param(Decimal(132_000) / 744, "53.10", id="c1-efs-price-page"),
        pytest.param(Decimal(300 * 15 + 200 * 15) / 30, "75.00", id="c3-techtarget"),
    ],
)
def test_file_storage_by_average(aws, bill, gib_months, expected):
    """C1 rounds its GB-months to whole ones."""
    files = aws("AWS::EFS::FileSystem")
    usage = {"It": {"storage_gib": round(gib_months)}}
    assert bill(files, usage=usage).usd() == Decimal(expected)


def test_c2_provisioned_throughput_above_what_storage_includes(aws, bill):
    """AWS EFS price page, quoted by blog.kiriake.dev 2019-07: 30 + 30."""
    files = aws(
        "AWS::EFS::FileSystem", ThroughputMode="provisioned", ProvisionedThroughputInMibps=10
    )
    lines = bill(files, usage={"It": {"storage_gib": 100}})
    assert lines.usd("EFS/storage") == Decimal("30.00")
    assert lines.usd("EFS/provisioned-throughput") == Decimal("30.00")


def test_c4_load_balancer_with_35000_gigabytes(aws, bill):
    """cloudsoft.io: about USD 300 in Ireland."""
    balancer = aws("AWS::ElasticLoadBalancingV2::LoadBalancer", region=IRELAND, Scheme="internal")
    total = bill(balancer, usage={"It": {"processed_gib": 35_000}}).usd()
    assert abs(total - 300) < 2


def test_c5_postgresql_in_ireland(aws, bill):
    """Gist of philmcmahon, 2021-11: 128 and 12.70."""
    db = aws(
        "AWS::RDS::DBInstance",
        region=IRELAND,
        Engine="postgres",
        DBInstanceClass="db.m6g.large",
        AllocatedStorage="100",
        StorageType="gp2",
    )
    lines = bill(db)
    assert round(lines.usd("RDS/instance-hours")) == 128
    assert lines.usd("RDS/storage") == Decimal("12.70")


def small_server(aws, region: str, type_: str) -> list[Resource]:
    zone = aws("AWS::Route53::HostedZone", "Zone", region=region)
    subnet = aws("AWS::EC2::Subnet", "Public", region=region, MapPublicIpOnLaunch=True)
    machine = aws(
        INSTANCE,
        "Server",
        region=region,
        InstanceType=type_,
        SubnetId=Reference("main/Public"),
        BlockDeviceMappings=[{"Ebs": {"VolumeSize": 8, "VolumeType": "gp3"}}],
    )
    return [zone, subnet, machine]


@pytest.mark.parametrize(
    ("region", "type_", "expected"),
    [
        ("us-east-1", "t3.micro", "12.38"),
        ("us-east-2", "t3.micro", "12.38"),
        ("eu-west-1", "t3.micro", "13.18"),
        ("eu-west-2", "t3.micro", "13.51"),
        ("eu-west-3", "t3.micro", "13.51"),
        ("eu-central-1", "t3.micro", "13.67"),
        ("us-east-1", "t4g.small", "17.05"),
        ("eu-west-3", "t4g.small", "18.62"),
        ("eu-central-1", "t4g.small", "18.93"),
    ],
)
def test_c6_c7_small_server_all_in(aws, bill, region, type_, expected):
    """ec2-vps `_data/regions.json`, 2026-09-03: an address, 8 GB, a zone, 20 GB out, 100 free."""
    lines = bill(*small_server(aws, region, type_), usage={"network": {"internet_out_gib": 20}})
    assert abs(lines.usd() - Decimal(expected)) <= Decimal("0.01")


def test_c8_volume_for_half_a_month():
    """AWS EBS page of the EU sovereign partition: 2,000 GB for 12 h of a 720 h month, EUR 3.13."""
    price = Tier(ZERO, ENDLESS, Decimal("0.09394"))
    rate = Rate("ebs", "eu", (price,), "GB-Mo", date(2026, 1, 1), "AWS EBS page")
    assert round(rate.cost(Decimal(2000 * 12) / 720), 2) == Decimal("3.13")


def fargate(aws, bill, cpu: int, memory: int) -> Decimal:
    task = aws("AWS::ECS::TaskDefinition", "Task", Cpu=str(cpu), Memory=str(memory))
    service = aws(
        "AWS::ECS::Service",
        "App",
        LaunchType="FARGATE",
        DesiredCount=1,
        TaskDefinition=Reference("main/Task"),
    )
    return bill(task, service).usd()


def test_c9_smallest_task_all_month(aws, bill):
    """factualminds.com 2026-06: about USD 9."""
    assert round(fargate(aws, bill, 256, 512)) == 9


def test_c10_a_published_figure_that_is_wrong(aws, bill):
    """The same page says USD 145 for 4 vCPU and 16 GB: the list price is a sixth more."""
    assert fargate(aws, bill, 4096, 16384) > Decimal(145) * Decimal("1.15")
