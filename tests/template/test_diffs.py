"""A diff of a file is the one that difflib makes of all of it."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from analyzer.template.editing import unified_diff

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "@@ -1 +1", "- x"]), max_size=30)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_a_diff_makes_the_second_text_of_the_first(
    head: list[str], old: list[str], new: list[str], tail: list[str]
) -> None:
    before, after = [*head, *old, *tail], [*head, *new, *tail]
    texts = ["".join(f"{line}\n" for line in lines) for lines in (before, after)]
    diff = unified_diff("/t.yaml", *texts).splitlines()
    made: list[str] = []
    at = 0
    for line in diff[2:]:
        if line.startswith("@@"):
            start = int(line.split()[1][1:].partition(",")[0])
            length = line.split()[1].partition(",")[2]
            first = start if length == "0" else start - 1
            made.extend(before[at:first])
            at = first
        elif line[0] == "+":
            made.append(line[1:])
        else:
            assert before[at] == line[1:]
            at += 1
            made.extend([line[1:]] * (line[0] == " "))
    assert [*made, *before[at:]] == after
    assert bool(diff) is (before != after)


def test_a_small_change_of_a_file_is_told_as_difflib_does() -> None:
    before = [f"{number}\n" for number in range(50)]
    after = [*before[:20], "new\n", *before[21:]]
    whole = "".join(difflib.unified_diff(before, after, "a/t", "b/t"))
    assert unified_diff("t", "".join(before), "".join(after)) == whole
