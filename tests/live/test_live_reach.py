"""The labelled cases once more, on an account: the same verdicts from what it answers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from auditing import ACCOUNT
from building import built

from analyzer.account.plan import plan_asked
from analyzer.account.scan import Means, places, scan
from analyzer.account.sessions import Account, Connection
from analyzer.account.snapshot import Snapshot
from analyzer.audit import inventory_of, parts_of, scope_of
from analyzer.cli.main import main
from analyzer.model import Inventory
from analyzer.network import STANDING_TYPES, reachable
from analyzer.network.naming import end_named
from tests.network.reaching import cases, in_order, inventory_of_template

REGION = "us-east-1"
CASES = {case["id"]: case for case in cases()}


def excused() -> dict[str, str]:
    """Cases that no account can show, and why."""
    with Path(__file__).with_name("reach_not_live.csv").open(encoding="utf-8") as stream:
        return {row["case"]: row["reason"] for row in csv.DictReader(stream)}


def read(url: str, folder: Path) -> Inventory:
    planned = plan_asked([reachable], STANDING_TYPES)
    account = Account(ACCOUNT)
    snapshot = Snapshot(f"{folder}")
    scope = scope_of([account], {ACCOUNT: (REGION,)}, planned, "2026-11-21T00:00:00+00:00")
    snapshot.begin(scope)
    means = Means(Connection(endpoint_url=url), {"*": 1000}, 1000)
    scan(list(places(account, (REGION,))), planned, snapshot, means)
    parts, problems = parts_of(snapshot, scope, account)
    assert problems == []
    return inventory_of(scope, account, parts, planned)


@pytest.mark.parametrize("name", [name for name in CASES if name not in excused()])
def test_an_account_gives_the_verdict_of_its_template(aws, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    declared = inventory_of_template(case["template"], region=REGION)
    ids = built(declared, lambda service: aws.client(service, REGION))
    live = read(aws.url, tmp_path / "snapshot")
    ask = case["ask"]
    target = end_named(live, ids[f"main/{ask['to']}"])
    answer = reachable("internet", target, ask["protocol"], ask["port"])
    expected = case["expect"] if isinstance(case["expect"], list) else [case["expect"]]
    assert answer.verdict in expected, (answer.blocked_by, [f"{d}" for d in answer.depends_on])
    named = [ids.get(f"main/{hop}", hop) for hop in case.get("path", ())]
    known = [one for one in named if one not in ("routed", "attached")]
    assert in_order(known, [_id(hop) for hop in answer.path]), answer.path


def _id(name: str) -> str:
    """What a hop is called by its maker: balancers and listeners by ARN, all else by id."""
    return name if ":elasticloadbalancing:" in name else name.rpartition("/")[2]


def test_a_snapshot_answers_at_the_command_line(aws, tmp_path: Path, capsys) -> None:
    declared = inventory_of_template(CASES["net-001"]["template"], region=REGION)
    ids = built(declared, lambda service: aws.client(service, REGION))
    read(aws.url, tmp_path / "snapshot")
    host = ids["main/Host"]
    for name, code in ((host, 1), (f"{host}x", 2)):
        asked = ["--from", "internet", "--to", name, "--port", "22", "--format", "json"]
        with pytest.raises(SystemExit) as ended:
            main(["reach", f"{tmp_path / 'snapshot'}", *asked])
        assert ended.value.code == code
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert told["verdict"] == "REACHABLE"
    assert _id(told["path"][-1]) == host
    assert f"did you mean '{host}'?" in printed.err


def test_nobody_is_excused_without_a_reason_or_a_case() -> None:
    assert excused().keys() <= CASES.keys()
    assert all(excused().values())
    assert len(excused()) <= len(CASES) // 4
