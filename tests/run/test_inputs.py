from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analyzer.inputs import Deployment, Inputs, find_systems
from analyzer.request import Request
from analyzer.run import run
from tests.run.systems import ARCHITECTURE, DATABASE, written

HERE = Deployment()


def names(inputs: Inputs) -> list[str]:
    return [Path(system.name).name for system in inputs.systems]


def test_a_folder_gives_architectures_and_the_templates_of_no_architecture(tmp_path: Path) -> None:
    written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)
    written(tmp_path / "shop" / "deep", other__yaml=DATABASE)
    written(tmp_path / "loose", one__yaml=DATABASE, two__json='{"not": "a template"}')
    assert names(find_systems([tmp_path], HERE)) == ["shop", "one.yaml"]


def test_a_template_that_an_architecture_names_from_afar_is_judged_there_alone(
    tmp_path: Path,
) -> None:
    elsewhere = ARCHITECTURE.replace("template.yaml", "../shared/one.yaml")
    written(tmp_path / "shop", architecture__yaml=elsewhere)
    shared = written(tmp_path / "shared", one__yaml=DATABASE, two__yaml=DATABASE)
    assert names(find_systems([tmp_path], HERE)) == ["shop", "two.yaml"]
    asked = find_systems([tmp_path, shared / "one.yaml"], HERE)
    assert names(asked) == ["shop", "one.yaml", "two.yaml"]


def test_a_template_that_is_a_link_belongs_to_the_architecture_that_names_it(
    tmp_path: Path,
) -> None:
    folder = written(tmp_path / "shop", architecture__yaml=ARCHITECTURE)
    one = written(tmp_path / "shared", one__yaml=DATABASE) / "one.yaml"
    (folder / "template.yaml").symlink_to(one)
    assert names(find_systems([folder], HERE)) == ["shop"]


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of files and folders that nobody lets us look into: root may look into all."""
    names: set[str] = set()

    def refusing(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(path: Any, *more: Any, **options: Any) -> Any:
            if Path(path).name in names:
                raise PermissionError(errno.EACCES, "Permission denied", f"{path}")
            return ask(path, *more, **options)

        return asked

    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    monkeypatch.setattr(Path, "open", refusing(Path.open))
    monkeypatch.setattr(Path, "read_bytes", refusing(Path.read_bytes))
    return names


@pytest.mark.parametrize("name", ["deep", "one.yaml"])
def test_what_cannot_be_looked_into_is_told_and_the_rest_is_judged(
    tmp_path: Path, closed: set[str], name: str
) -> None:
    written(tmp_path / "deep", one__yaml=DATABASE)
    written(tmp_path, two__yaml=DATABASE)
    closed.add(name)
    found = find_systems([tmp_path], HERE)
    run_ = run(Request(found.systems, date(2026, 11, 20), {}, problems=found.problems))
    assert [judgement.system for judgement in run_.judgements] == [f"{tmp_path}/two.yaml"]
    (problem,) = run_.problems
    assert Path(problem.file).name == name
    assert (problem.message, problem.kind) == ("cannot be read: permission denied", "input")


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    written(tmp_path, one__yaml=DATABASE)
    os.mkfifo(tmp_path / "pipe.yaml")
    assert names(find_systems([tmp_path], HERE)) == ["one.yaml"]


def test_a_path_named_twice_is_read_once(tmp_path: Path) -> None:
    folder = written(tmp_path / "loose", one__yaml=DATABASE)
    assert names(find_systems([folder, folder / "one.yaml", folder], HERE)) == ["one.yaml"]


def test_standard_input_is_a_template(tmp_path: Path) -> None:
    inputs = find_systems([Path("-")], HERE, DATABASE.encode())
    assert names(inputs) == ["<stdin>"]


def test_a_missing_path_and_an_empty_folder_are_told_and_the_rest_is_found(tmp_path: Path) -> None:
    folder = written(tmp_path / "loose", one__yaml=DATABASE)
    (tmp_path / "empty").mkdir()
    inputs = find_systems([tmp_path / "nowhere", tmp_path / "empty", folder], HERE)
    assert names(inputs) == ["one.yaml"]
    assert [problem.message for problem in inputs.problems] == [
        "does not exist",
        "holds neither an architecture.yaml nor a CloudFormation template",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is empty"), ("[]", "holds a list where a map belongs"), ("5", "holds text where")],
)
def test_what_is_no_architecture_is_not_told_to_be_a_template(
    tmp_path: Path, text: str, message: str
) -> None:
    folder = written(tmp_path / "shop", architecture__yaml=text)
    (problem,) = find_systems([folder], HERE).problems
    assert problem.message.startswith(message)
    assert "template" not in problem.hint
    assert "Resources" not in problem.message


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("name: shop\n", "name: shop\nnmae: shop\n", 2, "`nmae`: is not known here"),
        ("name: shop\n", "", 1, "`name`: is missing"),
        ("region: eu-west-3", "region: Paris", 3, "`stacks/main/region`"),
        ("template.yaml", "nowhere.yaml", 3, "template `nowhere.yaml` of stack `main`"),
        ("dev: {}", "dev: {stacks: [other]}", 5, "`profiles/dev/stacks/0` names stack `other`"),
        (
            "dev: {}",
            "dev:\n    stack_parameters:\n      other: {A: b}",
            7,
            "`profiles/dev/stack_parameters/other` names stack `other`",
        ),
        ("dev: {}", "dev: {budget: {amount: -1}}", 5, "`profiles/dev/budget/amount`"),
        ("dev: {}", "dev: {schedule: {hours_per_week: 50}}", 5, "`profiles/dev/schedule/tags`"),
        ("dev: {}", "dev: {usage: {Database: 5}}", 5, "`profiles/dev/usage/Database`"),
        ("dev: {}", "dev: {", 7, "while parsing"),
        (
            "profiles:",
            "claims: {costs: [{profile: none, total: 5}]}\nprofiles:",
            4,
            "`claims/costs/0/profile` names profile `none`",
        ),
    ],
)
def test_a_wrong_architecture_is_one_line_with_its_place(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    assert old in ARCHITECTURE
    text = ARCHITECTURE.replace(old, new)
    folder = written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=text)
    inputs = find_systems([folder], HERE)
    assert inputs.systems == ()
    (problem,) = inputs.problems
    assert message in problem.message
    assert problem.file.endswith("architecture.yaml")
    assert problem.line == line
    assert "\n" not in str(problem)


def test_a_wrong_architecture_costs_only_itself(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        text = ARCHITECTURE.replace("shop", name)
        written(tmp_path / name, template__yaml=DATABASE, architecture__yaml=text)
    written(tmp_path / "b", architecture__yaml="name: b\n")
    written(tmp_path / "loose", one__yaml=DATABASE)

    inputs = find_systems([tmp_path], HERE)
    assert names(inputs) == ["a", "c", "one.yaml"]
    assert [Path(problem.file).parent.name for problem in inputs.problems] == ["b"]


def test_an_architecture_reads_every_part(tmp_path: Path) -> None:
    text = """\
name: shop
title: The shop
currency: {code: EUR, usd_per_unit: "1.16", date: 2026-11-20, source: declared}
stacks:
  main: {template: template.yaml, region: eu-west-3, account: 123456789012}
profiles:
  dev:
    schedule: {hours_per_week: 50, tags: {Environment: dev}}
    budget: {amount: 100.50, currency: EUR}
claims:
  controls:
    - {id: kept, text: Backups are kept, rules: [BAK-*], resources: [Data*]}
  costs:
    - {profile: dev, currency: EUR, total: {low: 85, high: 100}, period: hour}
"""
    folder = written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=text)
    (system,) = find_systems([folder], HERE).systems
    (profile,) = system.profiles
    assert profile.stacks[0].account == "123456789012"
    assert f"{profile.budget}" == "(Decimal('100.5'), 'EUR')"
    assert profile.schedule == {"hours_per_week": 50, "tags": {"Environment": "dev"}}
    assert system.currency is not None
    assert f"{system.currency.usd_per_unit}" == "1.16"
    assert (system.costs[0].low, system.costs[0].high, system.costs[0].period) == (85, 100, "hour")
    assert system.controls[0].resources == ("Data*",)
