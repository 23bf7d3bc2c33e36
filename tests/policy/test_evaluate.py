from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from analyzer.findings import Finding, Verdict
from analyzer.model import Gap, Inventory, Location, Resource
from analyzer.policy.evaluate import judge
from analyzer.policy.rule import Fail, Skip, declared_rule, rule
from analyzer.unknown import Unknown, choose

TODAY = date(2026, 11, 21)
FAIL = Fail("fails", at="Size")


def unknown(name: str, **more: Any) -> Unknown:
    return Unknown(f"parameter `{name}`", "has no value in this profile", **more)


def judged(
    function: Callable[..., Any], settings: dict[str, Any] | None = None, **properties: Any
) -> list[Finding]:
    function.__doc__ = "Title."
    declared = declared_rule(rule("TST-X-01", severity="high", on="T")(function), "test")
    assert declared is not None
    resource = Resource(
        "T", "one", properties, locate=lambda path: Location("t.yaml", len(path) + 1)
    )
    inventory = Inventory("x", [resource])
    return list(judge([declared], inventory, {"TST-X-01": settings or {}}, TODAY))


def only(*arguments: Any, **properties: Any) -> Finding:
    (finding,) = judged(*arguments, **properties)
    return finding


def test_none_passes_skip_skips_and_fail_fails_where_it_says() -> None:
    assert only(lambda x: None).verdict is Verdict.PASS
    skipped = only(lambda x: Skip("not for this"))
    assert (skipped.verdict, skipped.message) == (Verdict.SKIP, "not for this")
    failed = only(lambda x: FAIL)
    assert (failed.verdict, failed.message, failed.at) == (Verdict.FAIL, "fails", "Size")
    assert failed.location == Location("t.yaml", 2)


def test_several_failures_are_several_findings_and_none_is_a_pass() -> None:
    places = [Fail("fails", at="A"), Fail("fails", at="B")]
    assert [finding.at for finding in judged(lambda x: places)] == ["A", "B"]
    assert only(lambda x: []).verdict is Verdict.PASS


def test_settings_are_the_keyword_parameters() -> None:
    def enough(x: Resource, *, days: int = 7) -> Fail | None:
        return Fail("few") if x.Days < days else None

    assert only(enough, Days=7).verdict is Verdict.PASS
    assert only(enough, {"days": 8}, Days=7).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: FAIL if not x.A else None, "fails unless parameter `A` is true"),
        (lambda x: FAIL if x.A else None, "fails if parameter `A` is true"),
        (lambda x: FAIL if x.A < 7 else None, "fails if parameter `A` is below 7"),
        (lambda x: FAIL if x.A != "on" else None, "fails unless parameter `A` is 'on'"),
        (
            lambda x: FAIL if x.A and x.B else None,
            "fails if parameter `A` is true and parameter `B` is true",
        ),
    ],
)
def test_unknown_says_what_it_hangs_on(function: Callable[[Any], Any], message: str) -> None:
    finding = only(function, A=unknown("A"), B=unknown("B"))
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.message.startswith(message)
    assert "parameter `A` has no value in this profile" in finding.hangs_on


def test_a_certain_failure_hides_no_possible_one_beside_it() -> None:
    def two(x: Resource) -> list[Fail]:
        return [Fail("fails", at="A"), *([Fail("fails too", at="B")] if x.B else [])]

    certain, possible = judged(two, B=unknown("B"))
    assert (certain.verdict, certain.at) == (Verdict.FAIL, "A")
    assert (possible.verdict, possible.at) == (Verdict.UNKNOWN, "B")
    assert possible.message == "fails if parameter `B` is true: fails too"


def test_each_place_that_may_fail_is_told() -> None:
    def two(x: Resource) -> list[Fail]:
        return [Fail("fails", at=name) for name in ("A", "B") if getattr(x, name)]

    first, second = judged(two, A=unknown("A"), B=unknown("B"))
    assert (first.at, first.message) == ("A", "fails if parameter `A` is true: fails")
    assert (second.at, second.message) == ("B", "fails if parameter `B` is true: fails")


def test_what_changes_nothing_is_not_named() -> None:
    finding = only(
        lambda x: FAIL if (x.A or not x.A) and not x.B else None, A=unknown("A"), B=unknown("B")
    )
    assert "`A`" not in finding.message


def test_pass_beside_skip_is_a_pass_since_nothing_fails() -> None:
    assert only(lambda x: Skip("no") if x.A else None, A=unknown("A")).verdict is Verdict.PASS


def test_all_ways_fail_is_a_failure() -> None:
    assert only(lambda x: FAIL if x.A else FAIL, A=unknown("A")).verdict is Verdict.FAIL


def test_a_scenario_in_which_it_fails_is_a_failure_that_names_it() -> None:
    opened = unknown("Stage", allowed=["dev", "prod"], scenario=True)
    finding = only(lambda x: FAIL if x.A == "dev" else None, A=opened)
    assert finding.verdict is Verdict.FAIL
    assert "parameter `Stage` is 'dev'" in finding.message


def test_a_scenario_in_which_it_may_fail_is_unknown() -> None:
    opened, other = unknown("Stage", scenario=True), unknown("Other")
    finding = only(lambda x: FAIL if x.B and x.A else None, A=opened, B=other)
    assert finding.verdict is Verdict.UNKNOWN
    assert "parameter `Other` has no value in this profile" in finding.hangs_on


def test_a_scenario_fails_although_it_is_asked_after_something_else() -> None:
    opened, other = unknown("Stage", scenario=True), unknown("Other")
    finding = only(lambda x: FAIL if x.A or (x.B and x.A) else None, A=opened, B=other)
    assert (finding.verdict, finding.message) == (
        Verdict.FAIL,
        "fails (where parameter `Stage` is true)",
    )


def test_a_value_that_cannot_be_a_choice_is_unknown_with_its_reason() -> None:
    finding = only(lambda x: FAIL if int(x.A) else None, A=unknown("A"))
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.error == ""
    assert finding.hangs_on == ("parameter `A` has no value in this profile",)


def test_a_rule_that_raises_is_unknown_with_the_error() -> None:
    finding = only(lambda x: 1 / 0)
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.error.startswith("ZeroDivisionError")


def test_a_rule_that_returns_something_else_is_unknown_with_the_error() -> None:
    assert only(lambda x: "yes").error


def test_too_many_ways_are_unknown_and_say_so() -> None:
    values = {f"P{number}": unknown(f"P{number}") for number in range(8)}

    def each(x: Resource) -> Fail | None:
        answers = [bool(getattr(x, name)) for name in values]
        return FAIL if all(answers) else None

    finding = only(each, **values)
    assert finding.verdict is Verdict.UNKNOWN
    assert "64" in finding.message


class Condition:
    def holds(self) -> bool:
        return choose(("condition", "Prod"), "condition `Prod`", "holds", "is not decided")


def test_a_resource_that_may_not_exist_fails_only_where_it_does() -> None:
    resource = Resource("T", "one", {}, condition=Condition())
    declared = declared_rule(rule("TST-X-01", severity="low", on="T")(_fails), "test")
    (finding,) = judge([declared], Inventory("x", [resource]), {}, TODAY)
    assert finding.verdict is Verdict.UNKNOWN
    assert "condition `Prod`" in finding.message


def _fails(x: Resource) -> Fail:
    """Title."""
    return FAIL


def test_resources_that_could_not_be_read_are_unknown() -> None:
    declared = declared_rule(rule("TST-X-01", severity="low", on="T")(_fails), "test")
    gap = Gap("T", "eu-west-3", "rds:DescribeDBInstances", "AccessDenied")
    (finding,) = judge([declared], Inventory("x", [], gaps=(gap,)), {}, TODAY)
    assert finding.verdict is Verdict.UNKNOWN
    assert "AccessDenied" in finding.message
