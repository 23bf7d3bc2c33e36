"""The hidden mark of a comment: no name can end it early, and only the end of a text is one."""

from __future__ import annotations

import pytest

from analyzer.errors import UsageError
from analyzer.forges.mark import mark, marked, renamed


@pytest.mark.parametrize("name", ["assay", "shop/web", "part 1", "a-b.c_d"])
def test_a_mark_is_found_at_the_end_of_a_text(name: str) -> None:
    assert marked(f"words\n\n{mark(name)}\n") == mark(name)


@pytest.mark.parametrize("name", ["", "-->", "a--b", "a>b", "a\nb", " a", "x" * 100])
def test_a_name_that_could_end_its_mark_early_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no name for a comment"):
        mark(name)


def test_a_mark_that_others_quote_is_none() -> None:
    assert marked(f"{mark('assay')}\nand words") == ""


def test_another_mark_takes_the_place_of_the_first() -> None:
    assert renamed(f"words\n\n{mark('one')}\n", "two") == f"words\n\n{mark('two')}\n"
