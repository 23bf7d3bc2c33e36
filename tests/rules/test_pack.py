"""What all rules have in common: names that exist, words that explain, no door around UNKNOWN."""

from __future__ import annotations

import ast
import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import analyzer
from analyzer.content import content
from analyzer.inputs import Deployment, find_systems
from analyzer.policy.examples import examples_file
from analyzer.policy.rule import Rule
from analyzer.request import Request
from analyzer.run import run
from analyzer.template import read_source
from tests.rules.pack import FILES, RULES
from tests.rules.properties import everywhere, has_path, names_in
from tests.run.systems import TODAY

PREFIXES = {
    "multi-az": "MAZ",
    "encryption": "ENC",
    "network": "NET",
    "iam": "IAM",
    "backup": "BAK",
    "cost": "COST",
}
OURS = {
    "analyzer.ages",
    "analyzer.backups",
    "analyzer.cost.savings",
    "analyzer.iam",
    "analyzer.network",
    "analyzer.parameter_groups",
    "analyzer.policy",
    "analyzer.policy.fixes",
    "analyzer.secrets",
    "analyzer.versions",
    "analyzer.working_hours",
}
LINT = "import sys; from cfnlint.runner import main; sys.exit(main())"
DEFAULTS = Path(analyzer.__file__).parent / "data" / "defaults.csv"
each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
each_file = pytest.mark.parametrize(
    "file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}"
)


def test_there_are_rules_in_all_six_families() -> None:
    assert len(RULES) >= 70
    assert {rule.info.family for rule in RULES.values()} == set(PREFIXES)


@each_rule
def test_a_rule_belongs_to_the_family_of_its_folder(rule: Rule) -> None:
    assert rule.id.startswith(PREFIXES[rule.info.family] + "-")


@each_rule
def test_a_rule_explains_itself(rule: Rule) -> None:
    info = rule.info
    assert info.why.endswith((".", "?"))
    assert info.fix.endswith(".")
    assert info.source
    assert len(info.title) <= 90


def test_a_setting_has_one_type_over_all_rules() -> None:
    types: dict[str, set[type]] = {}
    for rule in RULES.values():
        for name, default in rule.settings.items():
            types.setdefault(name, set()).add(type(default))
    assert {name for name, kinds in types.items() if len(kinds) > 1} == set()


def unknown_names(
    source: str, rule_types: dict[str, tuple[str, ...]], facts: frozenset[str] = frozenset()
) -> set[str]:
    """Capitalised attributes of rule code that no type of the rule, nor any other, has.

    The first parameter of a rule is read by the schemas of the rule's own types; what is reached
    through other names, by those of every type.
    """
    wrong: set[str] = set()
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        subject = function.args.args[0].arg if function.args.args else ""
        types = rule_types.get(function.name, ())
        own = frozenset().union(*(names_in(type_) for type_ in types)) if types else everywhere()
        for node in ast.walk(function):
            live = isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith(".Live")
            if isinstance(node, ast.Attribute) and node.attr[:1].isupper() and not live:
                direct = isinstance(node.value, ast.Name) and node.value.id == subject
                known = own if direct else everywhere() | facts
                if node.attr not in known and node.attr != "Live":
                    wrong.add(node.attr)
    return wrong


@each_file
def test_property_names_exist(file: Path) -> None:
    types = {
        rule.function.__name__: rule.types for rule in RULES.values() if Path(rule.file) == file
    }
    facts = frozenset(live_names(file.with_suffix(".examples.yaml")))
    assert unknown_names(file.read_text(encoding="utf-8"), types, facts) == set()


def live_names(examples: Path) -> Iterator[str]:
    """The names inside the live facts of a file's examples: no schema has them.

    That accounts tell them is held by the audits of `tests/live`.
    """
    resources = read_source(examples).data["Resources"].values()
    waiting: list[object] = [resource.get("Live") for resource in resources]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def test_a_misspelt_property_does_not_survive() -> None:
    source = "def standby(db):\n    return db.MutliAZ\n"
    assert unknown_names(source, {"standby": ("AWS::RDS::DBInstance",)}) == {"MutliAZ"}


def test_a_property_of_another_type_does_not_survive() -> None:
    source = "def standby(bucket):\n    return bucket.MultiAZ\n"
    assert unknown_names(source, {"standby": ("AWS::S3::Bucket",)}) == {"MultiAZ"}


def leaks(source: str) -> Iterator[str]:
    """What would let a rule ask whether a value is known, or reach around the engine."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in {"isinstance", "type", "issubclass", "hasattr", "vars", "id"}:
                yield node.func.id
        elif isinstance(node, ast.Compare):
            for operator, right in zip(node.ops, node.comparators, strict=True):
                none = isinstance(right, ast.Constant) and right.value is None
                if isinstance(operator, ast.Is | ast.IsNot) and none:
                    yield "is None"
        elif isinstance(node, ast.Try):
            yield "try"
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if not _allowed(name.name))
        elif isinstance(node, ast.ImportFrom) and not _allowed(node.module or ""):
            yield node.module or ""


def _allowed(module: str) -> bool:
    return module in OURS or module.split(".", maxsplit=1)[0] in sys.stdlib_module_names


@each_file
def test_a_rule_has_no_door_around_unknown(file: Path) -> None:
    assert list(leaks(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    ["isinstance(x, str)", "x is None", "import boto3", "from analyzer.template import Source"],
)
def test_a_door_is_seen(source: str) -> None:
    assert list(leaks(source)) != []


def test_every_default_is_of_a_property_that_exists_and_names_its_page() -> None:
    with DEFAULTS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({(row["type"], row["property"]) for row in rows}) == len(rows)
    wrong = [row for row in rows if not has_path(row["type"], row["property"])]
    assert wrong == []
    assert all(row["source"].startswith("https://docs.aws.amazon.com/") for row in rows)


def without_accounts(file: Path, folder: Path) -> Path:
    """A copy of a file of examples as CloudFormation knows it."""
    declared = dict(read_source(file).data)
    declared["Resources"] = {
        name: {key: value for key, value in resource.items() if key != "Live"}
        for name, resource in declared["Resources"].items()
        if resource["Type"] not in seen_in_accounts()
    }
    copy = folder / f"{file.parent.name}-{file.stem}.json"
    copy.write_text(json.dumps(declared, indent=1), encoding="utf-8")
    return copy


def seen_in_accounts() -> set[str]:
    """The types that no rule judges in a template."""
    types: dict[bool, set[str]] = {True: set(), False: set()}
    for rule in RULES.values():
        types[rule.info.where == "accounts"].update(rule.types)
    return types[True] - types[False]


def test_examples_are_templates_that_cfn_lint_understands(tmp_path: Path) -> None:
    written = sorted({examples_file(rule) for rule in RULES.values()})
    files = [f"{without_accounts(file, tmp_path)}" for file in written]
    # What a template is made of: unknown properties, wrong types, missing members. Values that
    # AWS would refuse later are allowed in an example.
    chosen = ["E0000", "E1001", "E3001", "E3002", "E3003"]
    ended = subprocess.run(
        [sys.executable, "-c", LINT, "--format", "parseable", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    faults = [
        line for line in ended.stdout.splitlines() if any(f":{id_}:" in line for id_ in chosen)
    ]
    assert faults == []


def test_every_type_of_the_five_systems_is_judged_or_says_why_not() -> None:
    systems = find_systems([content("architectures")], Deployment()).systems
    result = run(Request(systems=systems, today=TODAY, judged=False, priced=False))
    used = {resource.type for judgement in result.judgements for resource in judgement.resources}
    judging = (rule for rule in RULES.values() if rule.info.where != "accounts")
    judged = {type_ for rule in judging for type_ in rule.types}
    with Path(__file__).with_name("unjudged_types.csv").open(encoding="utf-8") as stream:
        unjudged = {row["type"]: row["reason"] for row in csv.DictReader(stream)}
    assert used - judged - set(unjudged) == set()
    assert set(unjudged) & judged == set(), "no longer unjudged"
    assert all(unjudged.values())
