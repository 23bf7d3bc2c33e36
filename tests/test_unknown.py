"""Values that are not known: no way of touching one guesses, and every answer is explored."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.model import Inventory, Resource
from analyzer.policy.evaluate import judge_one
from analyzer.policy.rule import Fail, Rule
from analyzer.results import RuleInfo, Severity, Verdict
from analyzer.unknown import (
    ABSENT,
    Either,
    Partial,
    Reference,
    Undecided,
    Unknown,
    absent,
    choose,
    explore,
    settle,
)


def unknown(name: str = "X", **more: Any) -> Unknown:
    return Unknown(f"parameter `{name}`", "has no value in this profile", **more)


CHOICES: dict[str, Callable[[Any], Any]] = {
    "truth": bool,
    "not": operator.not_,
    "equal": lambda x: x == 7,
    "equal, turned round": lambda x: 7 == x,  # noqa: SIM300 - the other order is the point
    "not equal": lambda x: x != 7,
    "less": lambda x: x < 7,
    "at most": lambda x: x <= 7,
    "greater": lambda x: x > 7,
    "at least": lambda x: x >= 7,
    "chained": lambda x: 1 <= x <= 7,
    "in a list": lambda x: x in ["a", "b"],
    "in a set of texts as a tuple": lambda x: x in ("a", "b"),
    "contains": lambda x: "a" in x,
    "not contains": lambda x: "a" not in x,
    "startswith": lambda x: x.startswith("a"),
    "endswith": lambda x: x.endswith("a"),
    "and": lambda x: bool(x and True),
    "or": lambda x: bool(x or False),
    "conditional": lambda x: 1 if x else 2,
    "any": lambda x: any([x]),
    "all": lambda x: all([x]),
    "lower": lambda x: x.lower() == "a",
    "nested property": lambda x: bool(x.Enabled),
}
BLOCKED: dict[str, Callable[[Any], Any]] = {
    "iteration": list,
    "for": lambda x: [item for item in x],  # noqa: C416 - the loop is the point
    "length": len,
    "index": lambda x: x[0],
    "slice": lambda x: x[:2],
    "int": int,
    "float": float,
    "str": str,
    "addition": lambda x: x + 1,
    "addition, turned round": lambda x: 1 + x,
    "multiplication": lambda x: x * 2,
    "division": lambda x: x / 2,
    "remainder": lambda x: x % 2,
    "negation": lambda x: -x,
    "hash": hash,
    "in a set": lambda x: x in {"a", "b"},
    "key of a dict": lambda x: {"a": 1}.get(x),
    "range": range,
    "join": ",".join,
    "sum": sum,
    "max": max,
    "sorted": sorted,
    "unpacking": lambda x: [*x],
    "method of a text": lambda x: x.split(","),
    "round": round,
    "follow": lambda x: x.follow("Other"),
}


@pytest.mark.parametrize("name", CHOICES)
def test_a_test_of_an_unknown_value_is_explored_both_ways(name: str) -> None:
    exploration = explore(lambda: bool(CHOICES[name](unknown())))
    assert {path.error for path in exploration.paths} == {None}
    results = [path.result for path in exploration.paths]
    assert len(results) >= 2
    if name != "conditional":
        assert set(results) == {True, False}


@pytest.mark.parametrize("name", [*CHOICES, *BLOCKED])
def test_nothing_is_guessed_outside_an_exploration(name: str) -> None:
    with pytest.raises(Undecided):
        {**CHOICES, **BLOCKED}[name](unknown())


@pytest.mark.parametrize("name", BLOCKED)
def test_what_cannot_be_a_choice_is_undecided(name: str) -> None:
    exploration = explore(lambda: BLOCKED[name](unknown()))
    assert all(isinstance(path.error, Undecided) for path in exploration.paths)


def test_a_message_names_an_unknown_value() -> None:
    assert f"keeps {unknown('Days')} days" == "keeps (parameter `Days`) days"


def test_the_same_question_has_the_same_answer_along_a_path() -> None:
    def twice() -> bool:
        return (unknown() == 7) == (unknown() == 7)

    assert [path.result for path in explore(twice).paths] == [True, True]


def test_an_answer_bounds_later_ones() -> None:
    def between() -> str:
        value = unknown()
        if value < 7:
            return "small" if value < 30 else "impossible"
        return "large" if value >= 30 else "middle"

    assert {path.result for path in explore(between).paths} == {"small", "large", "middle"}


def test_equality_decides_everything_after_it() -> None:
    def equal() -> str:
        value = unknown()
        if value == "ENABLED":
            return "on" if value != "DISABLED" and value.startswith("E") else "impossible"
        return "off"

    assert {path.result for path in explore(equal).paths} == {"on", "off"}


def test_allowed_values_are_the_only_ones() -> None:
    def allowed() -> str:
        value = unknown(allowed=["dev", "prod"])
        if value == "staging":
            return "impossible"
        return "dev" if value == "dev" else ("prod" if value == "prod" else "impossible")

    assert {path.result for path in explore(allowed).paths} == {"dev", "prod"}


def test_bounds_of_a_number_decide() -> None:
    paths = explore(lambda: unknown(minimum=1, maximum=35) >= 1).paths
    assert [path.result for path in paths] == [True]


def test_a_condition_that_two_properties_share_is_asked_once() -> None:
    class Condition:
        def holds(self) -> bool:
            return choose(("condition", "Prod"), "condition `Prod`", "holds", "is not decided")

    either = [Either(Condition(), True, False), Either(Condition(), "a", "b")]
    paths = explore(lambda: tuple(map(settle, either))).paths
    assert [path.result for path in paths] == [(True, "a"), (False, "b")]


def test_too_many_paths_are_told() -> None:
    questions = [unknown(f"P{number}") for number in range(7)]
    exploration = explore(lambda: [bool(question) for question in questions])
    assert len(exploration.paths) == 64
    assert not exploration.complete


def test_an_unknown_that_may_be_unset_is_a_choice() -> None:
    value = unknown(may_be_absent=True)
    assert {path.result for path in explore(lambda: absent(value)).paths} == {True, False}
    assert not absent(unknown())
    assert absent(ABSENT)


HOLE = unknown("Bucket")
ARN = Partial("arn:aws:s3:::", HOLE, "/*")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (lambda text: text.startswith("arn:aws:s3"), True),
        (lambda text: text.startswith("arn:aws:ec2"), False),
        (lambda text: text.endswith("/*"), True),
        (lambda text: text.endswith("/x"), False),
        (lambda text: text == "*", False),
        (lambda text: text == "arn:aws:s3:::x", False),
        (lambda text: "s3" in text, True),
        (bool, True),
    ],
)
def test_the_known_ends_of_a_text_answer(question: Callable[[Any], bool], answer: bool) -> None:
    assert question(ARN) is answer


def test_only_what_the_hole_could_change_is_a_choice() -> None:
    paths = explore(lambda: ARN == "arn:aws:s3:::mine/*").paths
    assert {path.result for path in paths} == {True, False}
    with pytest.raises(Undecided):
        len(ARN)
    assert f"{ARN}" == "arn:aws:s3:::${parameter `Bucket`}/*"


def test_a_reference_is_set_and_is_no_other() -> None:
    one, other = Reference("main/A", "Arn"), Reference("main/B", "Arn")
    assert one
    assert one != other
    assert one == Reference("main/A", "Arn")
    with pytest.raises(Undecided):
        bool(one == "arn:aws:s3:::x")


NAMES = ("A", "B", "C")
formulas = st.recursive(
    st.sampled_from(NAMES),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    ),
    max_leaves=6,
)


def value_of(formula: Any, values: dict[str, Any]) -> bool:
    if isinstance(formula, str):
        return bool(values[formula])
    word, *parts = formula
    if word == "not":
        return not value_of(parts[0], values)
    first = value_of(parts[0], values)
    if word == "and":
        return first and value_of(parts[1], values)
    return first or value_of(parts[1], values)


@settings(max_examples=300)
@given(formulas)
def test_the_folded_verdict_is_that_of_trying_every_assignment(formula: Any) -> None:
    def judged(db: Resource) -> Fail | None:
        values = {name: getattr(db, name) for name in NAMES}
        return Fail("fails") if value_of(formula, values) else None

    outcomes = {
        value_of(formula, dict(zip(NAMES, values, strict=True)))
        for values in itertools.product([True, False], repeat=len(NAMES))
    }
    expected = {
        frozenset({True}): Verdict.FAIL,
        frozenset({False}): Verdict.PASS,
        frozenset({True, False}): Verdict.UNKNOWN,
    }[frozenset(outcomes)]
    info = RuleInfo("TST-X-01", "title", Severity.HIGH, "test")
    rule = Rule(judged, info, ("T",), ("resource",))
    resource = Resource("T", "one", {name: unknown(name) for name in NAMES})
    inventory = Inventory("x", [resource])
    (finding,) = judge_one(rule, resource, inventory, {}, date(2026, 11, 21))
    assert finding.verdict is expected
    if expected is Verdict.UNKNOWN:
        assert finding.hangs_on
