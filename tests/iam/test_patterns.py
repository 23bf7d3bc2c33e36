"""Texts with wildcards: every set of patterns that short words can match, and no other."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import like

from analyzer.iam.patterns import (
    FIELD,
    ONE,
    SEGMENT,
    STAR,
    arn_glob,
    classes,
    expression,
    glob,
    includes,
    literal,
    overlap,
)

WORDS = ["".join(letters) for size in range(6) for letters in product("a/:", repeat=size)]
many = settings(max_examples=150, deadline=None)
wild = st.text(alphabet="a/:*?", max_size=4)
symbols = st.text(alphabet=f"a/:{STAR}{ONE}{SEGMENT}{FIELD}", max_size=3)
arns = st.lists(st.text(alphabet="a*?", max_size=2), min_size=5, max_size=7).map(":".join)


def met(pattern: str, word: str) -> bool:
    """Letter by letter, by trying every length of what a symbol may stand for."""
    if not pattern:
        return not word
    symbol, rest = pattern[0], pattern[1:]
    if symbol not in (STAR, SEGMENT, FIELD):
        return bool(word) and symbol in (ONE, word[0]) and met(rest, word[1:])
    barred = {STAR: "", SEGMENT: "/", FIELD: ":"}[symbol]
    sizes = range(1 if symbol == SEGMENT else 0, len(word) + 1)
    return any(met(rest, word[size:]) for size in sizes if not barred or barred not in word[:size])


def matched(patterns: list[str], word: str) -> int:
    return sum(1 << index for index, pattern in enumerate(patterns) if met(pattern, word))


@given(st.lists(symbols, min_size=1, max_size=3, unique=True))
@many
def test_the_classes_are_those_of_all_words(patterns: list[str]) -> None:
    found = classes(tuple(patterns))
    assert len({one.matched for one in found}) == len(found)
    assert {matched(patterns, word) for word in WORDS} <= {one.matched for one in found}
    for one in found:
        assert matched(patterns, one.example) == one.matched, "its example is of the class"


@given(st.lists(wild, min_size=1, max_size=3), st.integers(0, 7))
@many
def test_classes_without_regard_to_case(patterns: list[str], folded: int) -> None:
    ignoring = frozenset(i for i in range(len(patterns)) if folded >> i & 1)
    found = {one.matched for one in classes(tuple(map(glob, patterns)), ignoring)}
    for word in ("".join(letters) for size in range(5) for letters in product("aA/", repeat=size)):
        held = sum(
            1 << i
            for i, pattern in enumerate(patterns)
            if like(pattern, word.lower() if i in ignoring else word)
        )
        assert held in found


@given(wild)
@many
def test_a_pattern_means_what_iam_says(pattern: str) -> None:
    compiled = expression(glob(pattern))
    assert [w for w in WORDS if compiled.fullmatch(w)] == [w for w in WORDS if like(pattern, w)]
    assert [w for w in WORDS if expression(literal(pattern)).fullmatch(w)] == [
        w for w in WORDS if w == pattern
    ]


@given(symbols, symbols)
@many
def test_inclusion_is_never_claimed_wrongly(wide: str, narrow: str) -> None:
    inside = [word for word in WORDS if met(narrow, word)]
    if includes(wide, narrow):
        assert all(met(wide, word) for word in inside)
    if not overlap(wide, narrow):
        assert not any(met(wide, word) for word in inside)


@given(arns, arns)
@many
def test_wildcards_of_arns_stay_in_their_fields(pattern: str, text: str) -> None:
    stated, given_ = pattern.split(":", 5), text.replace("*", "a").replace("?", "").split(":", 5)
    same = len(stated) == len(given_) and all(map(like, stated, given_))
    assert (expression(arn_glob(pattern)).fullmatch(":".join(given_)) is not None) is same


def test_variables_are_one_text_each() -> None:
    assert glob("${aws:UserName}") == glob("${aws:username}") != glob("${aws:userid}")
    assert glob("${aws:username, 'A'}") != glob("${aws:username, 'a'}")
    assert glob("${*}${?}${$}") == "*?$"
    assert glob("${aws:username}", variables=False) == "${aws:username}"
