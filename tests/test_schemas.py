"""The published JSON Schemas take what assay takes, and refuse what it refuses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from analyzer.inputs import Deployment, find_systems
from analyzer.output.json import document
from tests.output.sample import sample_run
from tests.run.systems import ARCHITECTURE, DATABASE, run_of, written

ROOT = Path(__file__).parent.parent
SCHEMAS = sorted((ROOT / "docs/schema").glob("*.json"))
WAIVER = {"rule": "NET-SG-01", "reason": "until the VPN is there", "until": "2027-01-31"}


def faults(name: str, value: Any, part: str = "") -> list[str]:
    """What a schema, or a definition in it, says against a value."""
    schema = json.loads((ROOT / f"docs/schema/{name}.json").read_text(encoding="utf-8"))
    if part:
        schema = {**schema["$defs"][part], "$defs": schema["$defs"]}
    checker = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return [error.message for error in checker.iter_errors(value)]


def as_json(text: str) -> Any:
    """YAML as an editor's schema sees it: days are text."""
    return json.loads(json.dumps(yaml.safe_load(text), default=date.isoformat))


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_a_schema_is_one(file: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", sorted(ROOT.glob("architectures/*/architecture.yaml")), ids=str)
def test_every_architecture_names_and_fits_its_schema(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert (file.parent / first.partition("$schema=")[2]).resolve() == (
        ROOT / "docs/schema/architecture.json"
    )
    assert faults("architecture", as_json(text)) == []


def test_a_run_fits(tmp_path: Path) -> None:
    folder = written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)
    assert faults("run", json.loads(document(run_of(folder)))) == []
    assert faults("run", json.loads(document(sample_run()))) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("assay", {"packs": ["rules"], "policy": {"backup_days": 14}, "waivers": [WAIVER]}),
        ("assay", {"waivers": [{**WAIVER, "system": "shop", "profile": ["dev", "test"]}]}),
        ("assay", {"waiver_days": 365, "engines": {"seconds": 10}}),
        ("waivers", {"waivers": [{**WAIVER, "resource": "Bastion*", "owner": "platform team"}]}),
    ],
)
def test_what_is_well_formed_fits(name: str, value: Any) -> None:
    assert faults(name, value) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("run", {}),
        ("run", {"format": 1}),
        ("run", []),
        ("architecture", {"name": "shop"}),
        ("architecture", {"name": "shop", "stacks": {}, "profiles": {}, "owner": "x"}),
        ("assay", {"waiver_days": 0}),
        ("assay", {"waiver_days": "long"}),
        ("assay", {"polices": {}}),
        ("assay", {"packs": "rules"}),
        ("waivers", {}),
        ("waivers", [WAIVER]),
        ("waivers", {"waivers": [{**WAIVER, "reason": " "}]}),
        ("waivers", {"waivers": [{**WAIVER, "until": "soon"}]}),
        ("waivers", {"waivers": [{**WAIVER, "untill": "2027-01-31"}]}),
        ("waivers", {"waivers": [{key: WAIVER[key] for key in ("rule", "reason")}]}),
        ("waivers", {"waivers": [{key: WAIVER[key] for key in ("rule", "until")}]}),
    ],
)
def test_what_is_not_well_formed_is_refused(name: str, value: Any) -> None:
    assert faults(name, value) != []


INTENT = {"from": "internet", "to": "Web*", "port": 22}
DENIES = {"deny": INTENT}


@pytest.mark.parametrize(
    ("intent", "fits"),
    [
        (DENIES, True),
        ({**DENIES, "allow": None}, True),
        ({"only": {**INTENT, "from": ["internet", "10.0.0.0/8"], "port": [22, 443]}}, True),
        ({}, False),
        ({"deny": None}, False),
        ({**DENIES, "allow": INTENT}, False),
        ({"deny": {**INTENT, "from": []}}, False),
        ({"deny": {**INTENT, "to": []}}, False),
        ({"deny": {**INTENT, "port": True}}, False),
        ({"deny": {**INTENT, "port": "22"}}, False),
        ({"deny": {**INTENT, "port": 65536}}, False),
    ],
)
def test_an_intent_is_taken_by_the_schema_and_by_the_reader_alike(
    tmp_path: Path, intent: dict[str, Any], fits: bool
) -> None:
    text = f"{ARCHITECTURE}\nintents: {json.dumps([intent])}\n"
    folder = written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=text)
    assert (not faults("architecture", as_json(text))) is fits
    assert (not find_systems([folder], Deployment()).problems) is fits


def test_a_ceiling_names_a_role() -> None:
    ceiling = {"roles": [], "statements": [{"Effect": "Allow"}]}
    whole = {**as_json(ARCHITECTURE), "ceilings": [ceiling]}
    assert faults("architecture", whole) != []
    assert faults("architecture", {**whole, "ceilings": [{**ceiling, "roles": "Web"}]}) == []


def test_waivers_beside_a_resource_have_a_schema_of_their_own() -> None:
    assert faults("waivers", {"waivers": [WAIVER]}, "Metadata") == []
    assert faults("waivers", {"waivers": [{**WAIVER, "resource": "X"}]}, "Metadata") != []
    assert faults("waivers", {"waivers": WAIVER}, "Metadata") != []


def test_a_schema_of_the_run_refuses_a_field_that_it_does_not_know() -> None:
    run = json.loads(document(sample_run()))
    assert faults("run", {**run, "secret": "x"}) != []
    run["judgements"][0]["findings"][0]["verdict"] = "PERHAPS"
    assert faults("run", run) != []
