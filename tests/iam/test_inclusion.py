"""What one grant allows more than another, held against asking every request of a small world."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from small_world import (
    OBJECTS,
    WORLD,
    checked,
    compared,
    document,
    grants,
    hold,
    pairs,
    some_keys,
    statements,
)

from analyzer.unknown import Partial, Reference, Unknown


@given(pairs())
@checked
def test_policies_of_identities(both: Any) -> None:
    hold(*both)


@given(pairs(kind="resource"))
@checked
def test_policies_of_resources(both: Any) -> None:
    hold(*both, "resource")


@given(pairs(layers=3))
@checked
def test_layers(both: Any) -> None:
    hold(*both)


@given(some_keys.flatmap(lambda keys: grants(keys, layers=3)))
@checked
def test_nothing_allows_more_than_itself(one: Any) -> None:
    assert compared(one, one).verdict == "no"


@given(pairs(), st.data())
@checked
def test_what_is_added_or_dropped(both: Any, data: Any) -> None:
    (a,), (b,) = both
    stated = a[0]["Statement"]
    allows = [one for one in b[0]["Statement"] if one["Effect"] == "Allow"]
    denies = [one for one in b[0]["Statement"] if one["Effect"] == "Deny"]
    dropped = data.draw(st.sampled_from(stated))
    left = [one for one in stated if one is not dropped]
    wide = [a, [document(*allows)]]
    assert compared([a], [[*a, document(*allows)]]).verdict == "no", "an Allow takes nothing away"
    assert compared([[*a, document(*denies)]], [a]).verdict == "no", "a Deny adds nothing"
    assert compared(wide, [a]).verdict == "no", "a further layer adds nothing"
    assert compared(wide, wide[::-1]).verdict == "no", "layers have no order"
    smaller, larger = (left, stated) if dropped["Effect"] == "Allow" else (stated, left)
    assert compared([[document(*smaller)]], [[document(*larger)]]).verdict == "no"


# ---- what is not known

HOLES = {"<1>": Unknown("parameter `Bucket`", "has no value"), "<2>": Reference("stack/Bucket")}
NAMES = ["a", "b", "ab", "a/b", "", "*", "a*"]
with_hole = st.builds(
    "{}{}{}".format,
    st.sampled_from(["arn:aws:s3:::", "arn:aws:s3:::a", "arn:aws:s3:::a/"]),
    st.sampled_from(list(HOLES)),
    st.sampled_from(["", "/*", "/b", "*"]),
)


def replaced(value: Any, fill: Callable[[str], Any]) -> Any:
    """A document with other texts."""
    if isinstance(value, dict):
        return {key: replaced(one, fill) for key, one in value.items()}
    if isinstance(value, list):
        return [replaced(one, fill) for one in value]
    return fill(value)


def opened(text: str) -> Any:
    parts = re.split("(<[12]>)", text)
    return Partial(*(HOLES.get(part, part) for part in parts)) if len(parts) > 1 else text


@st.composite
def open_grants(draw: Any) -> Any:
    stated = draw(st.lists(statements([], kind="identity"), min_size=1, max_size=3))
    for one in stated:
        if draw(st.booleans()):
            name = "Resource" if "Resource" in one else "NotResource"
            one[name] = [draw(with_hole), *draw(st.lists(st.sampled_from(OBJECTS), max_size=1))]
    return [[document(*stated)]]


@given(open_grants(), open_grants())
@checked
def test_no_is_said_for_every_name_only(a: Any, b: Any) -> None:
    if compared(replaced(a, opened), replaced(b, opened)).verdict != "no":
        return
    for first, second in product(NAMES, repeat=2):

        def named(text: str, first: str = first, second: str = second) -> str:
            return text.replace("<1>", first).replace("<2>", second)

        assert WORLD.difference(replaced(a, named), replaced(b, named)) is None


@given(open_grants())
@checked
def test_what_is_not_known_is_the_same_on_both_sides(one: Any) -> None:
    assert compared(replaced(one, opened), replaced(one, opened)).verdict == "no"
