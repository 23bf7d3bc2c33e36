"""The verdict folded from all paths is that of trying every value, one after the other."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.findings import RuleInfo, Severity, Verdict
from analyzer.model import Inventory, Resource
from analyzer.policy.evaluate import judge_one
from analyzer.policy.rule import Fail, Rule
from analyzer.unknown import Unknown, explore


def unknown(name: str = "X", **more: Any) -> Unknown:
    return Unknown(f"parameter `{name}`", "has no value in this profile", **more)


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


def assignments(values: Any) -> list[dict[str, Any]]:
    """Every way of giving the names values."""
    ways = itertools.product(values, repeat=len(NAMES))
    return [dict(zip(NAMES, way, strict=True)) for way in ways]


def folded(function: Callable[[Resource], Fail | None], unknowns: dict[str, Unknown]) -> Verdict:
    info = RuleInfo("TST-X-01", "title", Severity.HIGH, "test")
    rule = Rule(function, info, ("T",), ("resource",))
    resource = Resource("T", "one", dict(unknowns))
    (finding,) = judge_one(rule, resource, Inventory("x", [resource]), {}, date(2026, 11, 21))
    assert finding.error == ""
    assert bool(finding.hangs_on) is (finding.verdict is Verdict.UNKNOWN)
    return finding.verdict


def of_outcomes(fails: set[bool]) -> Verdict:
    if len(fails) == 2:
        return Verdict.UNKNOWN
    return Verdict.FAIL if True in fails else Verdict.PASS


@settings(max_examples=300)
@given(formulas)
def test_the_folded_verdict_is_that_of_trying_every_assignment(formula: Any) -> None:
    def judged(db: Resource) -> Fail | None:
        values = {name: getattr(db, name) for name in NAMES}
        return Fail("fails") if value_of(formula, values) else None

    expected = of_outcomes({value_of(formula, way) for way in assignments([True, False])})
    assert folded(judged, {name: unknown(name) for name in NAMES}) is expected


@settings(max_examples=300)
@given(formulas, st.sets(st.sampled_from(NAMES), min_size=1))
def test_a_scenario_fails_only_where_it_fails_whatever_else_is_so(
    formula: Any, opened: set[str]
) -> None:
    def judged(db: Resource) -> Fail | None:
        values = {name: getattr(db, name) for name in NAMES}
        return Fail("fails") if value_of(formula, values) else None

    scenarios: dict[tuple[bool, ...], set[bool]] = {}
    for way in assignments([True, False]):
        scenario = tuple(way[name] for name in sorted(opened))
        scenarios.setdefault(scenario, set()).add(value_of(formula, way))
    verdict = folded(judged, {n: unknown(n, scenario=n in opened) for n in NAMES})
    everything = of_outcomes(set().union(*scenarios.values()))
    if verdict is Verdict.FAIL:
        assert {True} in scenarios.values()
    elif verdict is Verdict.UNKNOWN:
        assert everything is Verdict.UNKNOWN
    else:
        assert everything is Verdict.PASS


ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
comparisons = st.recursive(
    st.tuples(st.sampled_from(sorted(ORDERS)), st.sampled_from(NAMES[:2]), st.integers(0, 3)),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    ),
    max_leaves=5,
)


def compared(formula: Any, values: dict[str, Any]) -> bool:
    word, *parts = formula
    if word in ORDERS:
        name, number = parts
        return bool(ORDERS[word](values[name], number))
    if word == "not":
        return not compared(parts[0], values)
    first = compared(parts[0], values)
    if word == "and":
        return first and compared(parts[1], values)
    return first or compared(parts[1], values)


@settings(max_examples=300)
@given(comparisons)
def test_the_folded_verdict_of_comparisons_is_that_of_trying_every_number(formula: Any) -> None:
    def judged(db: Resource) -> Fail | None:
        return (
            Fail("fails")
            if compared(formula, {name: getattr(db, name) for name in NAMES})
            else None
        )

    halves = [half / 2 for half in range(-1, 8)]
    expected = of_outcomes({compared(formula, way) for way in assignments(halves)})
    assert folded(judged, {name: unknown(name) for name in NAMES}) is expected


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["==", "startswith", "endswith", "contains"]), st.text("ab", max_size=2)
        ),
        min_size=1,
        max_size=3,
    ),
    st.sets(st.text("ab", max_size=3), min_size=1, max_size=4),
)
def test_allowed_values_answer_as_each_of_them_would(
    questions: list[tuple[str, str]], allowed: set[str]
) -> None:
    def answers(text: Any) -> tuple[bool, ...]:
        ask: dict[str, Callable[[str], bool]] = {
            "==": lambda word: bool(text == word),
            "startswith": lambda word: bool(text.startswith(word)),
            "endswith": lambda word: bool(text.endswith(word)),
            "contains": lambda word: word in text,
        }
        return tuple(ask[question](word) for question, word in questions)

    paths = explore(lambda: answers(unknown(allowed=sorted(allowed)))).paths
    assert {path.result for path in paths} == {answers(value) for value in allowed}
