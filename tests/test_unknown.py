"""Values that are not known: no way of touching one guesses, and every answer is explored."""

from __future__ import annotations

import contextlib
import json
import operator
import re
from collections.abc import Callable
from typing import Any

import pytest

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


# What Python itself refuses: a mistake of the rule, which is UNKNOWN with the error, and no answer.
REFUSED: dict[str, Callable[[Any], Any]] = {
    "pattern": lambda x: re.match("a", x),
    "json": json.dumps,
    "join of a list": lambda x: ",".join([x]),  # noqa: FLY002 - the join is the point
    "old formatting": lambda x: "%d" % x,  # noqa: UP031 - the old way is the point
    "in a text": lambda x: x in "abc",
    "start of a text": lambda x: "abc".startswith(x),
    "power": lambda x: x**2,
    "quotient and remainder": lambda x: divmod(x, 2),
    "call": lambda x: x(),
    "context": lambda x: contextlib.ExitStack().enter_context(x),
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


@pytest.mark.parametrize("name", REFUSED)
def test_what_python_refuses_is_an_error_and_no_answer(name: str) -> None:
    (path,) = explore(lambda: REFUSED[name](unknown())).paths
    assert isinstance(path.error, TypeError | Undecided)


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


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (lambda x: x >= 1, True),
        (lambda x: x > 0, True),
        (lambda x: x < 1, False),
        (lambda x: x <= 35, True),
        (lambda x: x > 35, False),
        (lambda x: x == 36, False),
        (lambda x: 0 < x < 36, True),
    ],
)
def test_bounds_of_a_number_decide(question: Callable[[Any], bool], answer: bool) -> None:
    paths = explore(lambda: question(unknown(minimum=1, maximum=35))).paths
    assert [path.result for path in paths] == [answer]


@pytest.mark.parametrize(
    "impossible",
    [
        lambda x: x > 7 and x <= 7,
        lambda x: x < 7 and x >= 7,
        lambda x: x > 7 and x == 7,
        lambda x: x >= 7 and x <= 7 and x != 7,
        lambda x: x == 7 and x > 7,
        lambda x: not x > 7 and not x <= 7,
        lambda x: x == 3 and x == 7,
    ],
)
def test_answers_about_a_number_do_not_contradict_each_other(
    impossible: Callable[[Any], bool],
) -> None:
    number = unknown().viewed("integer", int)
    for value in (unknown(), number):
        assert {path.result for path in explore(lambda: impossible(value)).paths} == {False}  # noqa: B023


def test_views_of_one_value_agree() -> None:
    def lowered() -> bool:
        value = unknown(allowed=["Enabled", "Disabled"])
        return (value.lower() == "enabled") == (value == "Enabled")

    assert {path.result for path in explore(lowered).paths} == {True}


def test_a_member_of_an_unknown_structure_is_unknown_and_keeps_its_secret() -> None:
    structure = unknown(secret=True)
    member = structure.Rules
    assert f"{member}" == "(parameter `X`.Rules)"
    assert member.secret
    assert member.may_be_absent
    assert structure.Rules == structure.Rules
    with pytest.raises(Undecided):
        structure.rules()


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


def test_texts_with_holes_of_one_name_are_not_taken_for_equal() -> None:
    one, other = (Partial("a-", unknown("Name", key=(stack, "Name"))) for stack in ("a", "b"))
    assert {path.result for path in explore(lambda: one == other).paths} == {True, False}
    assert Partial("a-", unknown("Name", key=("a", "Name"))) == one


def test_the_pieces_of_a_text_stand_in_it_in_order() -> None:
    text = Partial("a-", HOLE, "-b-", HOLE, "-c")
    assert text != "a-x-c"
    assert text != "a-b-c"
    assert {path.result for path in explore(lambda: text == "a-1-b-2-c").paths} == {True, False}


def test_texts_with_holes_are_joined_and_flattened() -> None:
    joined = "arn:" + Partial("x", Partial("y", HOLE)) + "/z"
    assert joined.parts == ("arn:xy", HOLE, "/z")
    assert joined.startswith("arn:xy")
    assert joined.endswith("/z")
    assert joined.lower().head == "arn:xy"


def test_a_reference_is_set_and_is_no_other() -> None:
    one, other = Reference("main/A", "Arn"), Reference("main/B", "Arn")
    assert one
    assert one != other
    assert one == Reference("main/A", "Arn")
    with pytest.raises(Undecided):
        bool(one == "arn:aws:s3:::x")


@pytest.mark.parametrize("never", ["", "*", True, False, ABSENT])
def test_no_id_is_empty_or_a_wildcard(never: object) -> None:
    assert Reference("main/A") != never


def test_absent_is_falsy_empty_and_leads_nowhere() -> None:
    assert not ABSENT
    assert list(ABSENT) == []
    assert "x" not in ABSENT
    assert ABSENT.Anything.Below is ABSENT
    assert ABSENT.follow("Below") is ABSENT
    assert f"{ABSENT}" == "absent"
    with pytest.raises(AttributeError):
        ABSENT.items()


def test_what_stands_in_a_branch_of_a_branch_is_found() -> None:
    class Condition:
        def __init__(self, name: str) -> None:
            self.name = name

        def holds(self) -> bool:
            return choose(("condition", self.name), self.name, "holds", "is not decided")

    nested = Either(Condition("A"), Either(Condition("B"), 1, 2), 3)
    assert [path.result for path in explore(lambda: settle(nested)).paths] == [1, 2, 3]
    assert settle("anything else") == "anything else"
