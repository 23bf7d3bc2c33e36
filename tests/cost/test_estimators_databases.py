"""Databases and caches: amounts worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from analyzer.cost_lines import LineKind
from analyzer.unknown import Reference, Unknown

PARIS, OHIO = "eu-west-3", "us-east-2"
DB = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"


@pytest.fixture
def mysql(aws):
    def make(**properties):
        defaults = {
            "Engine": "mysql",
            "EngineVersion": "8.4",
            "DBInstanceClass": "db.t3.micro",
            "AllocatedStorage": "20",
        }
        return aws(DB, region=PARIS, **defaults | properties)

    return make


def test_a_single_instance_with_gp2(mysql, bill):
    lines = bill(mysql())
    assert lines.usd("RDS/instance-hours") == Decimal("13.87")  # 730 x 0.019
    assert lines.usd("RDS/storage") == Decimal("2.66")  # 20 x 0.133
    assert not lines.of("RDS/extended-support")


def test_multi_az_by_its_own_prices(mysql, bill):
    lines = bill(mysql(MultiAZ=True))
    assert lines.usd("RDS/instance-hours") == Decimal("27.74")  # 730 x 0.038
    assert lines.usd("RDS/storage") == Decimal("5.32")  # 20 x 0.266


def test_storage_that_has_grown(mysql, bill):
    assert (
        "may grow to 100 GiB" in bill(mysql(MaxAllocatedStorage=100)).one("RDS/storage").assumption
    )
    lines = bill(mysql(MaxAllocatedStorage=100), usage={"It": {"storage_gib": 60}})
    assert lines.usd("RDS/storage") == Decimal("7.98")  # 60 x 0.133


@pytest.fixture
def mariadb(aws):
    def make(**properties):
        return aws(
            DB,
            region=OHIO,
            Engine="mariadb",
            EngineVersion="10.11",
            DBInstanceClass="db.m7g.large",
            MultiAZ=True,
            StorageType="gp3",
            **properties,
        )

    return make


def test_gp3_of_400_gib_includes_12000_iops(mariadb, bill):
    lines = bill(mariadb(AllocatedStorage="400", Iops=13000, StorageThroughput=600))
    assert lines.usd("RDS/instance-hours") == Decimal("246.01")  # 730 x 0.337
    assert lines.usd("RDS/storage") == Decimal("92.00")  # 400 x 0.23
    assert lines.usd("RDS/iops") == Decimal("40.00")  # 1,000 above 12,000 x 0.04
    assert lines.usd("RDS/throughput") == Decimal("16.00")  # 100 above 500 x 0.16


def test_smaller_gp3_includes_3000_iops(mariadb, bill):
    lines = bill(mariadb(AllocatedStorage="399", Iops=3000, StorageThroughput=125))
    assert lines.usd("RDS/iops", "RDS/throughput") == 0


def test_io1_pays_for_all_its_iops(mysql, bill):
    lines = bill(mysql(StorageType="io1", AllocatedStorage=100, Iops=1000))
    per_iops = lines.one("RDS/iops")
    assert per_iops.quantity == 1000
    assert per_iops.key == "rds.iops.io1 Single-AZ"


def test_a_replica_takes_what_it_does_not_say_from_its_source(aws, mysql, bill):
    source = mysql(MultiAZ=True)
    replica = aws(
        DB,
        "Replica",
        region=PARIS,
        DBInstanceClass="db.t3.micro",
        SourceDBInstanceIdentifier=Reference("main/It"),
    )
    lines = bill(source, replica)
    assert round(lines.one("RDS/instance-hours", "Replica").usd, 2) == Decimal("13.87")
    assert round(lines.one("RDS/storage", "Replica").usd, 2) == Decimal("2.66")
    assert not lines.of("RDS/backup", "Replica")


def test_backup_beyond_the_free_part(mysql, bill):
    assert "free backup storage" in bill(mysql()).one("RDS/backup").assumption
    lines = bill(mysql(), usage={"It": {"backup_gib": 50}})
    assert lines.usd("RDS/backup") == Decimal("5.00")  # 50 x 0.10


def test_extended_support_of_a_multi_az_instance_counts_its_standby(mysql, bill):
    lines = bill(mysql(EngineVersion="8.0.39", MultiAZ=True))
    # 2 vCPUs x 2 instances x 730 x 0.100, since 2026-08-01
    assert lines.usd("RDS/extended-support") == Decimal("292.00")
    assert "left standard support on 2026-07-31" in lines.one("RDS/extended-support").assumption


def test_extended_support_has_not_begun_before_its_day(mysql, bill):
    lines = bill(mysql(EngineVersion="8.0.39"), today=date(2026, 7, 31))
    assert not lines.of("RDS/extended-support")


def test_extended_support_costs_more_in_its_third_year(mysql, bill):
    before = bill(mysql(EngineVersion="5.7"), today=date(2026, 2, 28)).usd("RDS/extended-support")
    after = bill(mysql(EngineVersion="5.7"), today=date(2026, 3, 1)).usd("RDS/extended-support")
    assert (before, after) == (Decimal("172.28"), Decimal("343.10"))  # 2 x 730 x 0.118, x 0.235


def test_extended_support_that_was_declined(mysql, bill):
    declined = mysql(
        EngineVersion="5.7", EngineLifecycleSupport="open-source-rds-extended-support-disabled"
    )
    assert not bill(declined).of("RDS/extended-support")


def test_an_unknown_version_makes_extended_support_unknown(mysql, bill):
    version = Unknown("parameter `Version`", "has no value in this profile")
    line = bill(mysql(EngineVersion=version)).one("RDS/extended-support")
    assert line.kind is LineKind.UNKNOWN
    assert "parameter `Version`" in line.reason


def test_an_unknown_class_leaves_storage_priced(mysql, bill):
    class_ = Unknown("parameter `Class`", "has no value in this profile")
    lines = bill(mysql(DBInstanceClass=class_))
    assert lines.one("RDS/instance-hours").kind is LineKind.UNKNOWN
    assert lines.usd("RDS/storage") == Decimal("2.66")


def test_an_engine_that_the_book_does_not_have(aws, bill):
    line = bill(
        aws(DB, Engine="oracle-ee", DBInstanceClass="db.m5.large", AllocatedStorage=20)
    ).one("RDS/instance-hours")
    assert line.kind is LineKind.UNKNOWN
    assert "oracle-ee" in line.reason


def test_a_password_that_rds_manages_is_a_secret(mysql, bill):
    assert bill(mysql(ManageMasterUserPassword=True)).usd("SecretsManager/secrets") == Decimal(
        "0.40"
    )


def test_a_public_database_has_an_address(mysql, bill):
    assert bill(mysql(PubliclyAccessible=True)).usd("VPC/public-ipv4") == Decimal("3.65")


@pytest.fixture
def aurora(aws):
    def make(version="5.7.mysql_aurora.2.11.2", class_="db.t3.medium", members=2, **properties):
        cluster = aws(
            CLUSTER,
            "Cluster",
            region=PARIS,
            Engine="aurora-mysql",
            EngineVersion=version,
            **properties,
        )
        instances = [
            aws(
                DB,
                f"Member{index}",
                region=PARIS,
                Engine="aurora-mysql",
                DBInstanceClass=class_,
                DBClusterIdentifier=Reference("main/Cluster"),
            )
            for index in range(members)
        ]
        return [cluster, *instances]

    return make


def test_aurora_by_member_storage_and_io(aurora, bill):
    usage = {"Cluster": {"storage_gib": 100, "io_requests": 10_000_000, "backup_gib": 10}}
    lines = bill(*aurora(), usage=usage)
    assert lines.usd("RDS/instance-hours") == Decimal("134.32")  # 2 x 730 x 0.092
    assert lines.usd("RDS/storage") == Decimal("11.00")  # 100 x 0.11
    assert lines.usd("RDS/io-requests") == Decimal("2.20")  # 10 M x 0.00000022
    assert lines.usd("RDS/backup") == Decimal("0.22")  # 10 x 0.022


def test_extended_support_of_aurora_is_that_of_every_member(aurora, bill):
    lines = bill(*aurora())
    # 2 members x 2 vCPUs x 730 x 0.118: more than the members themselves
    assert lines.usd("RDS/extended-support") == Decimal("344.56")


def test_io_optimised_aurora_has_other_prices_and_no_io(aurora, bill):
    lines = bill(*aurora(StorageType="aurora-iopt1"), usage={"Cluster": {"storage_gib": 100}})
    assert lines.usd("RDS/instance-hours") == Decimal("175.20")  # 2 x 730 x 0.12
    assert lines.usd("RDS/storage") == Decimal("24.80")  # 100 x 0.248
    assert not lines.of("RDS/io-requests")


def test_serverless_aurora_by_its_least_capacity(aurora, bill):
    scaling = {"MinCapacity": 0.5, "MaxCapacity": 4}
    resources = aurora("8.0", "db.serverless", 1, ServerlessV2ScalingConfiguration=scaling)
    lines = bill(*resources)
    assert lines.usd("RDS/instance-hours") == Decimal("51.10")  # 0.5 x 730 x 0.14
    assert "MinCapacity is 0.5" in lines.one("RDS/instance-hours").assumption


def test_serverless_aurora_by_its_declared_capacity(aurora, bill):
    scaling = {"MinCapacity": 0.5, "MaxCapacity": 4}
    resources = aurora("8.0", "db.serverless", 1, ServerlessV2ScalingConfiguration=scaling)
    lines = bill(*resources, usage={"Cluster": {"capacity_units": 2}})
    assert lines.usd("RDS/instance-hours") == Decimal("204.40")  # 2 x 730 x 0.14
    assert not lines.of("RDS/usage")


def test_usage_of_a_member_that_belongs_to_its_cluster_is_told(aurora, bill):
    lines = bill(*aurora(), usage={"Member0": {"storage_gib": 100}})
    assert "usage declares storage_gib" in lines.one("RDS/usage").reason


def test_a_multi_az_cluster_is_one_price(aws, bill):
    cluster = aws(
        CLUSTER,
        Engine="mysql",
        EngineVersion="8.4",
        DBClusterInstanceClass="db.r6gd.large",
        AllocatedStorage=100,
        StorageType="io1",
        Iops=1000,
    )
    line = bill(cluster).one("RDS/instance-hours")
    assert line.key == "rds.instance db.r6gd.large MySQL Multi-AZ (readable standbys)"
    assert line.quantity == 730


REDIS = "AWS::ElastiCache::ReplicationGroup"


@pytest.mark.parametrize(
    ("shape", "nodes"),
    [
        ({"NumCacheClusters": 2}, 2),
        ({"NumNodeGroups": 3, "ReplicasPerNodeGroup": 2}, 9),
        ({}, 1),
        ({"NodeGroupConfiguration": [{"ReplicaCount": 1}, {"ReplicaCount": 0}]}, 3),
    ],
)
def test_nodes_of_a_replication_group(aws, bill, shape, nodes):
    cache = aws(REDIS, region=PARIS, CacheNodeType="cache.t3.micro", Engine="redis", **shape)
    assert bill(cache).one("ElastiCache/node-hours").quantity == nodes * 730


def test_cache_prices_by_engine(aws, bill):
    def usd(engine):
        cache = aws(REDIS, region=PARIS, CacheNodeType="cache.t3.micro", Engine=engine)
        return bill(cache).usd("ElastiCache/node-hours")

    assert usd("redis") == Decimal("13.87")  # 730 x 0.019
    assert usd("valkey") == Decimal("11.10")  # 730 x 0.0152


def test_a_cache_out_of_standard_support_says_what_is_not_priced(aws, bill):
    def lines(version):
        cache = aws(REDIS, CacheNodeType="cache.t3.micro", Engine="redis", EngineVersion=version)
        return bill(cache).of("ElastiCache/extended-support")

    assert lines("5.0.6")[0].kind is LineKind.NOT_PRICED
    assert "2026-01-31" in lines("5.0.6")[0].reason
    assert not lines("7.1")


def test_memcached_nodes(aws, bill):
    cache = aws(
        "AWS::ElastiCache::CacheCluster",
        region=PARIS,
        CacheNodeType="cache.t3.micro",
        Engine="memcached",
        NumCacheNodes=2,
    )
    assert bill(cache).usd() == Decimal("27.74")  # 2 x 730 x 0.019


def test_cache_backups_have_no_price_in_paris(aws, bill):
    cache = aws(REDIS, region=PARIS, CacheNodeType="cache.t3.micro")
    line = bill(cache, usage={"It": {"backup_gib": 5}}).one("ElastiCache/backup")
    assert line.kind is LineKind.UNKNOWN
    assert "elasticache.backup in eu-west-3 is not in the price book" in line.reason


@pytest.fixture
def seen(aws):
    """A resource of an account, with live facts."""

    def make(type_, live, **properties):
        resource = aws(type_, region=PARIS, **properties)
        resource.live = live
        return resource

    return make


def test_a_manual_snapshot_is_charged_for_what_was_allocated(seen, bill):
    held = seen("AWS::RDS::DBSnapshot", {"Type": "manual", "GiB": 100}, Engine="mysql")
    line = bill(held).one("RDS/backup")
    assert line.usd == Decimal("10.0")  # 100 x 0.1
    assert "at most this" in line.assumption


def test_a_manual_snapshot_of_aurora_has_auroras_price(seen, bill):
    held = seen("AWS::RDS::DBClusterSnapshot", {"Type": "manual", "GiB": 50}, Engine="aurora-mysql")
    assert bill(held).usd("RDS/backup") == Decimal("1.10")  # 50 x 0.022


def test_a_snapshot_of_the_service_is_within_the_databases_own_backup(seen, bill):
    held = seen("AWS::RDS::DBSnapshot", {"Type": "automated", "GiB": 100}, Engine="mysql")
    assert not bill(held).of("RDS/backup")


def test_a_snapshot_whose_size_was_not_read_has_no_known_price(seen, bill):
    unread = Unknown("GiB of snap", "could not be read")
    held = seen("AWS::RDS::DBSnapshot", {"Type": "manual", "GiB": unread}, Engine="mysql")
    assert bill(held).unknown


def test_a_member_of_a_named_cluster_has_no_storage_lines(aws, bill):
    cluster = aws(CLUSTER, "Cluster", region=PARIS, Engine="aurora-mysql", DBClusterIdentifier="c")
    member = aws(
        DB,
        "Member",
        region=PARIS,
        Engine="aurora-mysql",
        EngineVersion="8.0.mysql_aurora.3.08.0",
        DBInstanceClass="db.r6g.large",
        DBClusterIdentifier=Reference("main/Cluster"),
    )
    lines = bill(cluster, member)
    assert not lines.of("RDS/iops", "Member")
    assert not [line for line in lines.unknown if line.resource == "Member"]
