"""What would be done, from what AWS describes; pure: the moment is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from analyzer.cost.book import PriceBook, embedded
from analyzer.cost.schedule import HOURS, hours_of_week
from analyzer.unknown import Unknown
from analyzer.working_hours import hours_per_week, is_working

Kind = Literal["snapshot", "delete-snapshot", "stop", "start"]
Described = Mapping[str, Any]

KEEP = "assay:keep"
"""A snapshot with this tag is never deleted."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do to one resource.

    `expected` is the state in which the resource must still be when it is done; `usd` what that
    saves a month, or costs where it is negative; None where the price book has no price.
    """

    kind: Kind
    region: str
    resource: str
    arn: str
    what: str
    expected: str
    usd: Decimal | None = None
    target: str = ""  # of a snapshot: its name
    age_days: int | None = None
    gib: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When tagged servers work: days of the week, hours such as `8-18`, a time zone."""

    days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    hours: str = "8-18"
    timezone: str = "UTC"

    def works(self, now: datetime) -> bool:
        """Whether a moment is within working hours. Raises `Undecided` for a bad schedule."""
        return is_working(now.isoformat(), self.days, self.hours, self.timezone)

    @property
    def weekly_hours(self) -> int:
        """Working hours of a week."""
        return hours_per_week(self.days, self.hours)


def snapshot_name(instance: str, now: datetime) -> str:
    """`snap-{instance}-{YYYY-MM-DD-HH-MM}`, in UTC."""
    return f"snap-{instance}-{now.astimezone(UTC):%Y-%m-%d-%H-%M}"


def snapshots(
    instances: Iterable[Described], existing: Iterable[Described], region: str, now: datetime
) -> Iterator[Action]:
    """A manual snapshot of each database that is available and has none of this minute."""
    names = {one["DBSnapshotIdentifier"] for one in existing}
    for db in instances:
        id_, name = db["DBInstanceIdentifier"], snapshot_name(db["DBInstanceIdentifier"], now)
        if db.get("DBInstanceStatus") != "available" or name in names:
            continue
        gib = int(db.get("AllocatedStorage") or 0)
        cost = _priced("rds.backup", Decimal(gib), region)
        yield Action(
            "snapshot",
            region,
            id_,
            db.get("DBInstanceArn", id_),
            f"take snapshot {name} of {id_}, {gib} GiB at most",
            "available",
            None if cost is None else -cost,
            target=name,
            gib=gib,
        )


def stale_snapshots(
    existing: Iterable[Described],
    shared: Iterable[str],
    region: str,
    account: str,
    now: datetime,
    days: int,
) -> Iterator[Action]:
    """The deletion of each manual snapshot of this account that is older than so many days.

    Left alone are automated and shared ones, those with the tag `assay:keep`, and what is not yet
    or no longer available.
    """
    kept = set(shared)
    for one in existing:
        id_, created = one["DBSnapshotIdentifier"], one.get("SnapshotCreateTime")
        arn = one.get("DBSnapshotArn", id_)
        tagged = any(tag.get("Key") == KEEP for tag in one.get("TagList", ()))
        own = f":{account}:" in arn
        if one.get("SnapshotType") != "manual" or one.get("Status") != "available":
            continue
        if tagged or id_ in kept or not own or created is None:
            continue
        age = now - created
        if age <= timedelta(days=days):
            continue
        gib = int(one.get("AllocatedStorage") or 0)
        yield Action(
            "delete-snapshot",
            region,
            id_,
            arn,
            f"delete snapshot {id_}, {age.days} days old, {gib} GiB",
            "available",
            _priced("rds.backup", Decimal(gib), region),
            age_days=age.days,
            gib=gib,
        )


def stops(
    instances: Iterable[Described], region: str, account: str, schedule: Schedule | None = None
) -> Iterator[Action]:
    """The stop of each running server, but those that a group starts again at once.

    The saving is that of a month in which it rests out of hours; without a schedule, of all of it.
    """
    hours = HOURS - hours_of_week(Decimal(schedule.weekly_hours)) if schedule else HOURS
    for server in _in_state(instances, "running"):
        usd = _priced("ec2.ondemand.linux.shared", hours, region, server.get("InstanceType", ""))
        yield _server("stop", server, region, account, "running", usd)


def starts(instances: Iterable[Described], region: str, account: str) -> Iterator[Action]:
    """The start of each stopped server."""
    for server in _in_state(instances, "stopped"):
        yield _server("start", server, region, account, "stopped", None)


def _in_state(instances: Iterable[Described], state: str) -> Iterator[Described]:
    for server in instances:
        grouped = any(t.get("Key") == "aws:autoscaling:groupName" for t in server.get("Tags", ()))
        if server.get("State", {}).get("Name") == state and not grouped:
            yield server


def _server(
    kind: Kind, server: Described, region: str, account: str, expected: str, usd: Decimal | None
) -> Action:
    id_ = server["InstanceId"]
    name = next((t["Value"] for t in server.get("Tags", ()) if t.get("Key") == "Name"), "")
    what = f"{kind} {id_}{f' ({name})' if name else ''}, {server.get('InstanceType', '')}"
    arn = f"arn:aws:ec2:{region}:{account}:instance/{id_}"
    return Action(kind, region, id_, arn, what, expected, usd)


def _priced(
    key: str, quantity: Decimal, region: str, instance_type: str = "", book: PriceBook | None = None
) -> Decimal | None:
    rate = (book or embedded()).rate(region, key, instance_type=instance_type)
    return None if isinstance(rate, Unknown) else rate.cost(quantity).quantize(_CENT, ROUND_HALF_UP)
