"""Whose thresholds, packs and waivers judge a change."""

from __future__ import annotations

import pytest

from tests.cli.against.conftest import Change, database, found, group, template


def test_thresholds_are_those_of_the_base(change: Change) -> None:
    change.base(template_yaml=template(database(days="14")), assay_yaml="policy: {backup_days: 14}")
    change.made.write("template.yaml", template(database(days="3")))
    change.made.write("assay.yaml", "policy: {backup_days: 1}")
    run = change.run()
    assert ("BAK-RDS-01", "Database") in found(run, "new")
    told = [p["message"] for p in run["problems"] if p["kind"] == "note"]
    assert "sets `backup_days` to 1, the base to 14" in told


@pytest.mark.parametrize("flag", ["--trust-pack", "--trust-packs"])
def test_a_trusted_change_brings_its_own_thresholds(change: Change, flag: str) -> None:
    change.base(template_yaml=template(database(days="14")), assay_yaml="policy: {backup_days: 14}")
    change.made.write("template.yaml", template(database(days="3")))
    change.made.write("assay.yaml", "policy: {backup_days: 1}")
    run = change.run(".", flag)
    assert run["base"]["policy"] == "change"
    assert ("BAK-RDS-01", "Database") not in found(run, "new")


WAIVER = """waivers:
  - {rule: "*", resource: Web, reason: a bastion, owner: net, until: 2026-07-01}
"""


def test_a_waiver_of_the_change_does_not_count_and_is_shown(change: Change) -> None:
    change.base(template_yaml=template(group(443)), assay_yaml="waivers: []")
    change.made.write("template.yaml", template(group(443, 22)))
    change.made.write("assay.yaml", WAIVER)
    assert [w["resource"] for w in change.run()["base"]["waivers_added"]] == ["Web"]
    assert change.check().code == 1


def test_text_shows_added_waivers_on_top(change: Change) -> None:
    change.base(template_yaml=template(group(443)), assay_yaml="waivers: []")
    change.made.write("assay.yaml", WAIVER)
    lines = change.check().out.splitlines()
    assert lines[2].startswith("  WAIVER ADDED * on Web until 2026-07-01 - a bastion")


def test_a_configuration_is_named_as_its_owner_would(change: Change) -> None:
    change.base(template_yaml=template(group(22)))
    change.made.write("assay.yaml", WAIVER)
    run = change.run()
    assert [waiver["location"]["file"] for waiver in run["base"]["waivers_added"]] == ["assay.yaml"]


def test_a_waiver_of_the_base_counts(change: Change) -> None:
    change.base(template_yaml=template(group(443)), assay_yaml=WAIVER)
    change.made.write("template.yaml", template(group(443, 22)))
    run = change.run()
    assert run["base"]["waivers_added"] == []
    assert change.check().code == 0


INLINE = """    Metadata:
      assay:
        waivers:
          - {rule: "*", reason: a bastion, owner: net, until: 2026-07-01}
"""


def test_a_waiver_beside_a_resource_counts_where_the_base_has_it(change: Change) -> None:
    change.base(template_yaml=template(group(443) + INLINE))
    change.made.write("template.yaml", template(group(443, 22) + INLINE))
    assert change.check().code == 0


def test_a_waiver_that_is_put_beside_a_resource_does_not_count(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443, 22) + INLINE))
    assert len(change.run()["base"]["waivers_added"]) == 1
    assert change.check().code == 1


PACK = """from analyzer.policy import Fail, Resource, rule


@rule("OWN-SG-01", severity="high", on="AWS::EC2::SecurityGroup")
def never(group: Resource) -> Fail | None:
    \"\"\"Group is never right.

    It is so.

    Fix: none.
    Source: nobody.
    \"\"\"
    return Fail("is {word}")
"""


def test_packs_are_loaded_from_the_base(change: Change) -> None:
    change.base(
        template_yaml=template(group(443)),
        assay_yaml="packs: [packs]",
        packs__own_py=PACK.replace("{word}", "wrong"),
    )
    change.made.write("template.yaml", template(group(443), group(443, name="Other")))
    change.made.write("packs/own.py", "raise SystemExit('the change was run')")
    run = change.run()
    assert ("OWN-SG-01", "Other") in found(run, "new")


def test_a_pack_that_only_the_change_has_is_not_run(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("packs/own.py", "raise SystemExit('the change was run')")
    change.made.write("assay.yaml", "packs: [packs]")
    run = change.run(".", "--pack", "packs")
    assert {p["message"] for p in run["problems"]} == {
        "names other rule packs than the base",
        "is not in the base, and a rule pack is code: not loaded",
    }
