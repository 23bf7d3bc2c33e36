"""A saving: what is changed, and what is given up for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from analyzer.findings import Fix

Edit = tuple[str, Fix]
"""A resource, by its key, and what is changed on it."""

WHOLE = ""
"""The path of a resource itself: a fix that removes it removes the resource."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of saving: its trade-off, and where AWS describes it.

    `asks` says that somebody has to agree to the trade-off before the saving may be counted on:
    nothing in the template tells whether that is possible. `interrupts`: it is not safe to make
    unasked.
    """

    name: str
    title: str
    trade_off: str
    source: str
    asks: bool = True
    interrupts: bool = False

    @property
    def safe(self) -> bool:
        """Whether nobody has to agree, and nothing is interrupted."""
        return not (self.asks or self.interrupts)


_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide"
_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
_GRAVITON = "https://github.com/aws/aws-graviton-getting-started/blob/main"

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "gp3",
            "Volumes on gp3 instead of gp2",
            "none: as many IOPS and MiB/s as before, or more",
            "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html",
            asks=False,
        ),
        Kind(
            "graviton",
            "Databases and caches on Graviton",
            "changing the class interrupts the service for some minutes, or fails over",
            f"{_RDS}/Concepts.DBInstanceClass.Types.html",
            asks=False,
            interrupts=True,
        ),
        Kind(
            "support",
            "Engines out of Extended Support",
            "a major upgrade: the application has to be tested with it, and it interrupts",
            f"{_RDS}/extended-support.html",
            asks=False,
            interrupts=True,
        ),
        Kind(
            "generation",
            "Types of the current generation",
            "the image needs drivers for NVMe and ENA; changing the type restarts the server",
            f"{_EC2}/instance-types.html",
        ),
        Kind(
            "arm64",
            "Servers, tasks and functions on Graviton",
            "images, libraries and AMIs must be built for arm64; changing the type restarts",
            f"{_GRAVITON}/transition-guide.md",
        ),
        Kind(
            "schedule",
            "Servers that rest outside working hours",
            "nobody can use them then; something has to stop and start them",
            "https://docs.aws.amazon.com/solutions/latest/instance-scheduler-on-aws/",
        ),
        Kind(
            "one-nat",
            "One NAT gateway for all zones",
            "the loss of its zone cuts all zones from the internet; traffic crosses zones",
            "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
        ),
        Kind(
            "idle",
            "Addresses, volumes and snapshots that nothing uses",
            "what is released or deleted does not come back",
            "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/"
            "cost_decomissioning_resources_decommission.html",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Saving:
    """One proposal. `title` is an imperative about the resource; `schedule` is for the profile."""

    kind: Kind
    resource: str  # key
    title: str
    edits: tuple[Edit, ...] = ()
    schedule: Mapping[str, Any] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a finder may know beside the inventory.

    `scheduled` says that the profile has a schedule; servers tagged `rest_tag` may rest, and work
    `rest_hours` a week; a snapshot is stale after `stale_days`.
    """

    today: date
    scheduled: bool = False
    rest_tag: tuple[str, str] = ("Environment", "dev")
    rest_hours: Decimal = Decimal(50)
    stale_days: int = 90
