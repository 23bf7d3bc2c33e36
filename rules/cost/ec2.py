"""What runs, or is kept, and nobody uses."""

from __future__ import annotations

from datetime import date

from analyzer.ages import days_since
from analyzer.cost.savings import hours_saved, monthly_words
from analyzer.policy import Fail, Resource, Skip, rule
from analyzer.working_hours import hours_per_week, is_working


@rule("COST-EC2-01", severity="low", on="AWS::EC2::Instance", where="accounts")
def development_server_rests_out_of_hours(
    server: Resource,
    *,
    schedule_tag: str = "Environment",
    schedule_value: str = "dev",
    working_days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri"),
    working_hours: str = "8-18",
    timezone: str = "UTC",
) -> Fail | Skip | None:
    """Development server rests outside working hours.

    A server that works fifty hours a week and runs all of them costs three times what it needs to.

    Fix: stop it out of hours, by a schedule.
    Source: AWS Well-Architected Framework, Cost Optimization Pillar, COST09-BP03.
    """
    if not any(tag.Key == schedule_tag and tag.Value == schedule_value for tag in server.Tags):
        return Skip(f"carries no tag {schedule_tag}={schedule_value}")
    if server.Live.State != "running":
        return Skip("does not run")
    if is_working(server.Live.Read, working_days, working_hours, timezone):
        return None
    hours = hours_saved(hours_per_week(working_days, working_hours))
    saving = monthly_words(
        "ec2.ondemand.linux.shared", hours, server.region, instance_type=server.InstanceType
    )
    return Fail(
        f"runs outside its working hours ({'-'.join((working_days[0], working_days[-1]))}, "
        f"{working_hours}); stopping it then saves {hours:.0f} hours{saving}"
    )


@rule("COST-EBS-01", severity="low", on="AWS::EC2::Volume", where="accounts")
def volume_is_attached(volume: Resource) -> Fail | None:
    """Volume is attached to a server.

    A volume costs the same whether anything reads it or not.

    Fix: take a snapshot of it and delete it, or attach it.
    Source: AWS Well-Architected Framework, Cost Optimization Pillar, COST04-BP05.
    """
    if volume.Live.State == "available":
        cost = monthly_words(f"ebs.{volume.VolumeType}.storage", volume.Size, volume.region)
        return Fail(f"is attached to nothing{cost}")


@rule("COST-EBS-02", severity="low", on="AWS::EC2::Snapshot", where="accounts")
def snapshot_is_not_stale(
    snapshot: Resource, today: date, *, stale_volume_snapshot_days: int = 90
) -> Fail | Skip | None:
    """Snapshot of a volume is not stale.

    Snapshots that nobody deletes are paid for years. What it costs at most is what a full copy
    costs: only changed blocks are stored.

    Fix: delete it, or let a lifecycle policy or a backup plan keep what must be kept.
    Source: AWS Well-Architected Framework, Cost Optimization Pillar, COST04-BP05.
    """
    if any(tag.Key.startswith("aws:backup:") for tag in snapshot.Tags):
        return Skip("a backup plan decides how long it is kept")
    age = days_since(snapshot.Live.Created, today)
    if age > stale_volume_snapshot_days:
        cost = monthly_words("ebs.snapshot.standard", snapshot.Live.Gib, snapshot.region)
        return Fail(f"is {age} days old and of {snapshot.Live.Gib} GiB{cost} at most")


@rule("COST-EIP-01", severity="low", on="AWS::EC2::EIP", where="accounts")
def address_is_attached(address: Resource) -> Fail | None:
    """Elastic IP address is attached to something.

    AWS charges every public IPv4 address by the hour, an idle one too.

    Fix: release the address.
    Source: Amazon VPC pricing, "Public IPv4 address".
    """
    if not address.Live.Attached:
        cost = monthly_words("vpc.public-ipv4.idle", 730, address.region)
        return Fail(f"is attached to nothing{cost}")
