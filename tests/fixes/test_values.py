"""A fix's values are written in the kind of what stands there."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.fixes.values import as_written, in_the_kind_of


@pytest.mark.parametrize(
    ("value", "old", "written"),
    [
        (7, "1", "7"),
        (7, "one", 7),
        (7, 1, 7),
        ("7", 1, 7),
        ("seven", 1, "seven"),
        ("7", "1", "7"),
        ("7", True, "7"),
        (True, "1", True),
    ],
)
def test_a_number_is_text_where_text_stands(value: Any, old: Any, written: Any) -> None:
    found = in_the_kind_of(value, old)
    assert (found, type(found)) == (written, type(written))


@pytest.mark.parametrize(
    ("text", "old", "written"),
    [
        ("true", False, True),
        ("yes", False, "yes"),
        ("7", 1, 7),
        ("07", 1, "07"),
        ("7", "1", "7"),
        ("7", None, 7),
        ("07", None, "07"),
        ("a,b", ["c"], ["a", "b"]),
    ],
)
def test_a_parameter_is_given_in_its_kind(text: str, old: Any, written: Any) -> None:
    found = as_written(text, old)
    assert (found, type(found)) == (written, type(written))
