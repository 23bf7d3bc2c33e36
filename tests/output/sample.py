"""One realistic run for the tests of the output formats; `sample_run()` is all they need.

Four systems in eight profiles: failures of every severity, undecided verdicts, waivers (one
expired), claims that hold and that do not, costs beside declared ones in euros, findings of other
engines, an unreadable input, and names that try to break out of whatever shows them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from analyzer.findings import Severity
from analyzer.picture import (
    INTERNET,
    Badge,
    Card,
    Diagram,
    Link,
    Network,
    Part,
    Region,
    Subnet,
    Tier,
    Way,
)
from analyzer.results import EngineStatus, Problem, Run
from tests.output.sample_declared import clefcloud, moodle
from tests.output.sample_hard import HOSTILE, atelier, projet_e4
from tests.output.sample_rules import FRAMEWORKS, RULES

__all__ = ["HOSTILE", "TODAY", "sample_run", "single_run"]

TODAY = date(2026, 11, 20)


def sample_run() -> Run:
    """A run that shows everything a format has to show; the same value on every call."""
    return Run(
        version="0.1.0",
        date=TODAY,
        judgements=(*moodle(), *clefcloud(), *projet_e4(), atelier()),
        rules=RULES,
        engines=(
            EngineStatus("assay", "run", "0.1.0", seconds=0.41),
            EngineStatus("cfn-lint", "run", "1.58.0", seconds=2.9),
            EngineStatus("checkov", "run", "3.3.30", seconds=14.2),
        ),
        problems=(
            Problem(
                "mapping values are not allowed here",
                file="architectures/atelier été/réseau.yaml",
                line=17,
                hint="quote the value that holds a colon",
            ),
            Problem(
                "waiver of MAZ-VPC-02 on NatGateway expired on 2026-10-31",
                file="assay.yaml",
                line=12,
                hint="renew it with a new date, or remove it",
                kind="waiver",
            ),
        ),
        frameworks=FRAMEWORKS,
    )


def single_run() -> Run:
    """A run of one template of no architecture: its system is its file, its profile has no name.

    It has a picture.
    """
    run = sample_run()
    found = next(found for found in run.judgements if found.system == "projet-e4")
    alone = replace(
        found,
        system="kiosk.yaml",
        profile="",
        title="",
        claims=(),
        declared=None,
        diagram=_picture(),
    )
    return replace(run, judgements=(alone,), problems=())


def _picture() -> Diagram:
    """A server in a network, which the internet reaches and must not, and a bucket beside it."""
    badge = Badge(((Severity.HIGH, 2),), unknown=1, lines=("high: NET-SG-01 Host lets all in",))
    subnet = Subnet("s", "shop-public", "10.0.0.0/24", "eu-west-3a", Tier.PUBLIC, Part(("s",)))
    host = Card("h", "AWS::EC2::Instance", "server", "EC2 instance", "Host",
                Part(("h",), Decimal("7.50"), badge), subnets=("s",))  # fmt: skip
    gateway = Card("g", "AWS::EC2::InternetGateway", "gateway", "Internet gateway", "g", Part())
    bucket = Card("b", "AWS::S3::Bucket", "bucket", "S3 bucket", "Files", Part(("b",), Decimal(0)))
    network = Network("n", "shop", "10.0.0.0/16", Part(), (gateway,), (subnet,), (host,))
    links = (Link(INTERNET, "g", Way.DANGER), Link("g", "h", Way.DANGER, "22", ports=(22,)))
    regions = (Region("eu-west-3", networks=(network,), services=(bucket,)),)
    return Diagram("kiosk.yaml", "kiosk.yaml", "", regions, links=links)
