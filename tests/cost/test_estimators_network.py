"""Gateways, addresses, balancers, endpoints and traffic: amounts worked out by hand, in Paris."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analyzer.cost_lines import LineKind
from analyzer.unknown import Reference, Unknown

PARIS = "eu-west-3"
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
ENDPOINT = "AWS::EC2::VPCEndpoint"


def test_a_nat_gateway_by_hours_and_data(aws, bill):
    nat = aws("AWS::EC2::NatGateway", "Nat", region=PARIS, AllocationId=Reference("main/Ip"))
    address = aws("AWS::EC2::EIP", "Ip", region=PARIS)
    lines = bill(nat, address, usage={"Nat": {"processed_gib": 200}})
    assert lines.usd("NAT/gateway-hours") == Decimal("36.50")  # 730 x 0.05
    assert lines.usd("NAT/data-processed") == Decimal("10.00")  # 200 x 0.05
    assert lines.usd("VPC/public-ipv4") == Decimal("3.65"), "the Elastic IP, once"


def test_a_private_nat_gateway_has_no_address(aws, bill):
    nat = aws("AWS::EC2::NatGateway", ConnectivityType="private")
    assert not bill(nat).of("VPC/public-ipv4")


def test_undeclared_data_are_an_assumption_that_is_shown(aws, bill):
    line = bill(aws("AWS::EC2::NatGateway")).one("NAT/data-processed")
    assert (line.quantity, line.usd) == (0, 0)
    assert line.assumption == "processed_gib not declared: 0 assumed"


@pytest.fixture
def balancer(aws):
    def make(**properties):
        subnets = [Reference("main/A"), Reference("main/B")]
        return aws(BALANCER, "Balancer", region=PARIS, **{"Subnets": subnets} | properties)

    return make


def test_a_balancer_by_hours_and_an_address_in_each_zone(balancer, bill):
    lines = bill(balancer(Scheme="internet-facing"))
    assert lines.usd("ELB/load-balancer-hours") == Decimal("19.32")  # 730 x 0.02646
    assert lines.usd("VPC/public-ipv4") == Decimal("7.30")  # 2 x 730 x 0.005
    assert lines.usd("ELB/capacity-units") == 0


def test_an_internal_balancer_has_no_public_address(balancer, bill):
    assert not bill(balancer(Scheme="internal")).of("VPC/public-ipv4")


@pytest.mark.parametrize(
    ("usage", "units", "largest"),
    [
        ({"new_connections_per_second": 50}, "2", "new connections/s"),  # 50 / 25
        ({"active_connections": 9000}, "3", "active connections"),  # 9,000 / 3,000
        ({"processed_gib": 2920}, "4", "GiB/h"),  # 2,920 / 730
        ({"rule_evaluations_per_second": 5000}, "5", "rule evaluations/s"),  # 5,000 / 1,000
        (
            {"new_connections_per_second": 50, "active_connections": 9000, "processed_gib": 730},
            "3",
            "active connections",
        ),
    ],
)
def test_capacity_units_are_the_largest_dimension(balancer, bill, usage, units, largest):
    line = bill(balancer(), usage={"Balancer": usage}).one("ELB/capacity-units")
    assert line.quantity == Decimal(units) * 730
    assert f"the largest, {largest}, x 730 hours" in line.assumption


def test_network_balancers_count_otherwise(balancer, bill):
    usage = {"Balancer": {"new_connections_per_second": 1600}}
    line = bill(balancer(Type="network"), usage=usage).one("ELB/capacity-units")
    assert line.quantity == 2 * 730  # 1,600 / 800
    assert line.key == "elb.nlb.lcu"


def test_a_classic_balancer_bills_data(aws, bill):
    classic = aws("AWS::ElasticLoadBalancing::LoadBalancer", region=PARIS)
    lines = bill(classic, usage={"It": {"processed_gib": 100}})
    assert lines.usd("ELB/load-balancer-hours") == Decimal("21.46")  # 730 x 0.0294
    assert lines.usd("ELB/capacity-units") == Decimal("0.84")  # 100 x 0.0084


def test_an_interface_endpoint_by_zone(aws, bill):
    endpoint = aws(
        ENDPOINT,
        region=PARIS,
        VpcEndpointType="Interface",
        SubnetIds=[Reference("main/A"), Reference("main/B")],
    )
    lines = bill(endpoint, usage={"It": {"processed_gib": 10}})
    assert lines.usd("VPC/endpoint-hours") == Decimal("16.06")  # 2 x 730 x 0.011
    assert lines.usd("VPC/endpoint-data") == Decimal("0.10")


def test_a_gateway_endpoint_is_free(aws, bill):
    lines = bill(aws(ENDPOINT, ServiceName="com.amazonaws.eu-west-3.s3"))
    assert lines.one("VPC/endpoint-hours").kind is LineKind.FREE
    assert not lines.of("VPC/endpoint-data")


def test_subnets_that_are_not_known_make_hours_unknown(aws, bill):
    subnets = Unknown("parameter `Subnets`", "has no value in this profile")
    endpoint = aws(ENDPOINT, VpcEndpointType="Interface", SubnetIds=subnets)
    assert bill(endpoint).one("VPC/endpoint-hours").kind is LineKind.UNKNOWN


def test_traffic_to_the_internet_less_the_free_100_gib(aws, bill):
    lines = bill(aws("AWS::EC2::VPC", region=PARIS), usage={"network": {"internet_out_gib": 300}})
    # 300 x 0.09 - 100 x 0.09
    assert [line.usd for line in lines.of("DataTransfer/internet-out")] == [27, -9]
    assert lines.usd("DataTransfer/internet-out") == Decimal("18.00")


def test_traffic_between_zones_is_billed_at_both_ends(aws, bill):
    usage = {"network": {"between_zones_gib": 200}}
    lines = bill(aws("AWS::EC2::VPC", region=PARIS), usage=usage)
    assert lines.usd("DataTransfer/between-zones") == Decimal("4.00")  # 200 x 2 x 0.01


def test_traffic_between_regions_by_target(aws, bill):
    usage = {"network": {"between_regions_gib": {"us-east-1": 100, "eu-west-3": 100}}}
    lines = bill(aws("AWS::EC2::VPC", region="us-east-2"), usage=usage)
    assert lines.usd("DataTransfer/between-regions") == Decimal("3.00")  # 100 x 0.01 + 100 x 0.02


def test_traffic_of_one_stack_starts_in_its_region(aws, bill):
    paris = aws("AWS::EC2::VPC", "Vpc", region=PARIS, stack="paris")
    ohio = aws("AWS::EC2::VPC", "Vpc", region="us-east-2", stack="ohio")
    usage = {"ohio/network": {"between_regions_gib": {"us-east-1": 100}}}
    assert bill(paris, ohio, usage=usage).usd("DataTransfer/between-regions") == Decimal("1.00")


def test_a_viewer_area_by_name_and_the_free_tebibyte(aws, bill):
    distribution = aws("AWS::CloudFront::Distribution", region=PARIS)
    usage = {"It": {"data_out_gib": {"Europe": 900, "United States": 300}}}
    lines = bill(distribution, usage=usage)
    # 900 x 0.085 + 300 x 0.085, less 1,024 x 0.085
    assert lines.gross() == Decimal("102.00")
    assert lines.usd("CloudFront/data-out") == Decimal("14.96")


def test_a_single_number_is_data_to_europe(aws, bill):
    distribution = aws("AWS::CloudFront::Distribution", region=PARIS)
    lines = bill(distribution, usage={"It": {"data_out_gib": 20_000}})
    # 10,240 x 0.085 + 9,760 x 0.08 = 1,651.20, less 1,024 x 0.085
    assert lines.usd("CloudFront/data-out") == Decimal("1564.16")
    assert lines.of("CloudFront/data-out")[0].region == "edge:EU"


def test_requests_above_the_free_ten_million(aws, bill):
    distribution = aws("AWS::CloudFront::Distribution")
    usage = {"It": {"https_requests": 12_000_000, "http_requests": 1_000_000}}
    lines = bill(distribution, usage=usage)
    # 12 M x 0.0000012 + 1 M x 0.0000009, less 10 M x 0.0000012
    assert lines.usd("CloudFront/requests") == Decimal("3.30")


def test_zones_queries_and_checks(aws, bill):
    zone = aws("AWS::Route53::HostedZone", "Zone")
    outside = {"Type": "HTTPS", "FullyQualifiedDomainName": "example.org"}
    check = aws("AWS::Route53::HealthCheck", "Check", HealthCheckConfig=outside)
    lines = bill(zone, check, usage={"Zone": {"queries": 5_000_000}})
    assert lines.usd("Route53/hosted-zones") == Decimal("0.50")
    assert lines.usd("Route53/queries") == Decimal("2.00")  # 5 M x 0.0000004
    kinds = {line.kind for line in lines.of("Route53/health-checks")}
    assert kinds == {LineKind.PRICED, LineKind.NOT_PRICED}  # 0.75, and an option without a price


def test_a_check_of_a_name_that_leads_into_aws(aws, bill):
    target = {"DNSName": Reference("main/Balancer", "DNSName"), "HostedZoneId": "Z"}
    record = aws("AWS::Route53::RecordSet", "Api", Name="api.example.org.", AliasTarget=target)
    named = {"Type": "HTTP", "FullyQualifiedDomainName": "api.example.org"}
    check = aws("AWS::Route53::HealthCheck", "Check", HealthCheckConfig=named)
    lines = bill(record, check)
    assert lines.of("Route53/health-checks")[0].key == "route53.health-check.aws"
    assert lines.usd("Route53/health-checks") == 0  # the first 50 are free


def test_a_web_acl_by_rules_and_requests(aws, bill):
    acl = aws("AWS::WAFv2::WebACL", region=PARIS, Rules=[{"Name": "a"}, {"Name": "b"}])
    assert bill(acl, usage={"It": {"requests": 10_000_000}}).usd() == Decimal("13.00")  # 5 + 2 + 6
