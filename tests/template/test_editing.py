"""Templates changed in place: the value is there, the rest is as it was, comments survive."""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.errors import InputError
from analyzer.template import read_source
from analyzer.template.editing import Append, Put, Remove, UnfitError, changed, value_at

NAMES = st.sampled_from(["Alpha", "Beta", "Gamma", "Delta", "Fn-like", "aws:x", "on", "7"])
TEXTS = st.one_of(
    st.sampled_from(["a", "true", "1", "", "a: b", "x # y", "- z", "'q'", '"d"', "10.0.0.0/16"]),
    st.sampled_from(["arn:aws:s3:::b/*", "é😀", "two\nlines\n", "tab\there", "*", "&a", "!Ref x"]),
    st.text(max_size=6),
)
SCALARS = st.one_of(st.booleans(), st.integers(-9, 99), TEXTS, st.sampled_from([1.5, None]))
FUNCTIONS = st.sampled_from(
    [{"Ref": "Alpha"}, {"Fn::GetAtt": "Alpha.Arn"}, {"Fn::Sub": "${AWS::Region}-x: y"}]
)
VALUES = st.recursive(
    st.one_of(SCALARS, FUNCTIONS),
    lambda inner: st.one_of(st.dictionaries(NAMES, inner, max_size=3), st.lists(inner, max_size=3)),
    max_leaves=8,
)
TREES = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a value, and beside each structure one that is not there yet."""
    if path:
        yield path
    if isinstance(value, dict) and not _function(value):
        yield (*path, "New")
        yield (*path, "New", "Below")
        for key, item in value.items():
            yield from paths(item, (*path, key))
    elif isinstance(value, list):
        yield (*path, len(value))
        for index, item in enumerate(value):
            yield from paths(item, (*path, index))


def _function(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def block(value: dict[str, Any] | list[Any], indent: int, draw: Any) -> Iterator[str]:
    """A structure in lines of YAML, with comments wherever one may stand."""
    pad = " " * indent
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in entries:
        if draw(st.integers(0, 5)) == 0:
            yield f"{pad}# above {draw(st.integers(0, 9))}"
        head = f"{json.dumps(key)}:" if isinstance(value, dict) else "-"
        tail = draw(st.sampled_from(["", "", "  # beside"]))
        if isinstance(item, str) and item.strip() and "\n" in item and item.isascii():
            sign = {True: "|", False: "|-"}[item.endswith("\n")]
            yield f"{pad}{head} {sign}"
            yield from (f"{pad}    {line}" for line in item.removesuffix("\n").split("\n"))
        elif isinstance(item, dict | list) and item and not draw(st.booleans()):
            yield f"{pad}{head}{tail}"
            yield from block(item, indent + draw(st.integers(1, 3)), draw)
        else:
            yield f"{pad}{head} {flow(item)}{tail}"


def flow(value: Any) -> str:
    """A value on one line, with JSON's quotes, which YAML has too."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


@st.composite
def documents(draw: Any) -> str:
    """A document: YAML in lines or in brackets, or JSON; with one end of line or the other."""
    tree = draw(TREES)
    kind = draw(st.sampled_from(["block", "flow", "json", "lines"]))
    if kind == "block":
        text = "\n".join(block({"Root": tree}, 0, draw))
        # A text in lines that ends with the file would get a line break with what follows it.
        text += "\n" if "|" in text else draw(st.sampled_from(["\n", ""]))
    elif kind == "flow":
        text = f"# head\nRoot: {flow(tree)}  # beside\nEnd: x\n"
    else:
        indent = draw(st.sampled_from([1, 2, 4, "\t"])) if kind == "lines" else None
        text = json.dumps({"Root": tree}, indent=indent, ensure_ascii=True) + "\n"
        text = re.sub(r"\\ud[89ab].{2}\\ud[c-f].{2}", "x", text)
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def source(text: str) -> Any:
    return read_source(("t", text.encode("utf-8", "surrogatepass")))


def readable(text: str) -> bool:
    try:
        source(text)
    except InputError:
        return False
    return True


def expected(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The data with the value at the path, said as plainly as can be."""
    data = copy.deepcopy(data)
    here = data
    for part, following in itertools.pairwise(path):
        if isinstance(here, dict) and here.get(part) is None:
            here[part] = {} if isinstance(following, str) else []
        here = here[part]
    if isinstance(here, list) and path[-1] == len(here):
        here.append(value)
        return data
    old = here.get(path[-1]) if isinstance(here, dict) else here[path[-1]]
    mergeable = isinstance(old, dict) and isinstance(value, dict) and old and value
    if mergeable and not _function(old) and not _function(value):
        for key, item in value.items():
            data = expected(data, (*path, key), item)
        return data
    here[path[-1]] = value
    return data


def comments(text: str) -> list[str]:
    return re.findall(r"# (?:above \d|head|beside)", text)


@given(st.data())
def test_the_value_is_there_and_everything_else_is_as_it_was(data: st.DataObject) -> None:
    text = data.draw(documents().filter(readable))
    before = source(text)
    path = data.draw(st.sampled_from(list(paths(before.data["Root"], ("Root",)))))
    value = data.draw(VALUES)
    try:
        after = changed(before, [Put(path, value)])
    except UnfitError:
        assert re.search(r"^\s*-\s*$", text, re.MULTILINE)  # an item below its dash stays
        return
    assert json.dumps(source(after.text).data, sort_keys=True) == json.dumps(
        expected(before.data, path, value), sort_keys=True
    )


@given(st.data())
def test_comments_survive_a_value_that_is_set(data: st.DataObject) -> None:
    text = data.draw(documents().filter(readable))
    before = source(text)
    places = [path for path in paths(before.data["Root"], ("Root",)) if not _has(before, path)]
    path = data.draw(st.sampled_from(places))
    after = changed(before, [Put(path, data.draw(VALUES))])
    assert comments(after.text) == comments(text)


@given(st.data())
def test_what_is_removed_is_gone_and_nothing_else(data: st.DataObject) -> None:
    text = data.draw(documents().filter(readable))
    before = source(text)
    places = [p for p in paths(before.data["Root"], ("Root",)) if _has(before, p) and len(p) > 1]
    if not places:
        return
    path = data.draw(st.sampled_from(places))
    wanted = copy.deepcopy(before.data)
    del value_at(wanted, path[:-1])[path[-1]]
    try:
        after = changed(before, [Remove(path)])
    except UnfitError:
        return
    assert json.dumps(after.data, sort_keys=True) == json.dumps(wanted, sort_keys=True)


def _has(document: Any, path: tuple[Any, ...]) -> bool:
    try:
        value_at(document.data, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("A:\n  -\n    B: 1\n", [Put(("A", 1), 2)], "A:\n  -\n    B: 1\n  - 2\n"),
        ("A:\n  - x\n  - y # b\n", [Append(("A",), ("z",))], "A:\n  - x\n  - y # b\n  - z\n"),
        ("A: x # c\n", [Append(("A",), ("y",))], "A: # c\n  - x\n  - y\n"),
        ("A: [x]\n", [Append(("A",), ("y", "z"))], "A: [x, y, z]\n"),
        ("A: {B: 1}\n", [Remove(("A", "B"))], "A: {}\n"),
        ("A:\n  B: 1\n  C: 2\n", [Remove(("A", "B"))], "A:\n  C: 2\n"),
        ("A:\n  - B: 1 # b\n    C: 2\n", [Remove(("A", 0, "B"))], "A:\n  - C: 2\n"),
        ("A:\n  - B: 1\n    # c\n    C: 2\n", [Remove(("A", 0, "B"))],
         "A:\n  -\n    # c\n    C: 2\n"),
        ("A: &a {B: 1}\nC: *a\n", [Put(("C", "D"), 2)], "A: &a {B: 1}\nC:\n  B: 1\n  D: 2\n"),
        ("A: &a {B: 1}\nC:\n  <<: *a\n", [Put(("C", "B"), 2)],
         "A: &a {B: 1}\nC:\n  <<: *a\n  B: 2\n"),
        ("Fn::ForEach::L:\n  B: 1\n", [Put(("Fn::ForEach::L", "C"), {"Ref": "X"})],
         "Fn::ForEach::L:\n  B: 1\n  C: !Ref X\n"),
        ("A: {Ref: X}\n", [Put(("B",), {"Ref": "X"})], "A: {Ref: X}\nB: {Ref: X}\n"),
        ("A: !If [x, 1, 2]\n", [Put(("A", "Fn::If", 2), 3)], "A: !If [x, 1, 3]\n"),
        ('{"A": {"B": 1}}', [Put(("A", "C"), [1])], '{"A": {"B": 1, "C": [1]}}'),
        ('{"A":{"B":1}}', [Put(("A", "C"), [1])], '{"A":{"B":1,"C":[1]}}'),
        ('{\n\t"A": {\n\t\t"B": 1\n\t}\n}\n', [Put(("A", "C"), {"D": "x\ty"})],
         '{\n\t"A": {\n\t\t"B": 1,\n\t\t"C": {\n\t\t\t"D": "x\\ty"\n\t\t}\n\t}\n}\n'),
        ("A:\n  # why\n  false # b\nB: 1\n", [Put(("A",), True)],
         "A:\n  # why\n  true # b\nB: 1\n"),
        ("A:\n  !If [x, 1, 2]\n", [Put(("A",), 3)], "A:\n  3\n"),
        ("A: 1\r\nB:\r\n  C: 1\nD: 2\r\n", [Put(("B", "E"), {"F": 1})],
         "A: 1\r\nB:\r\n  C: 1\r\n  E:\r\n    F: 1\nD: 2\r\n"),
        ("A: 1\r\nB:\n  C: 1\nD: 2\n", [Put(("B", "E"), 2)],
         "A: 1\r\nB:\n  C: 1\n  E: 2\nD: 2\n"),
        ("A:\n  B:\n    C: 1\n\n  D: 1\n", [Put(("A", "E"), 2)],
         "A:\n  B:\n    C: 1\n\n  D: 1\n  E: 2\n"),
        ("A:\n  B:\n    C: 1\n\n  D:\n    C: 1\n", [Put(("A", "E"), {"C": 2})],
         "A:\n  B:\n    C: 1\n\n  D:\n    C: 1\n\n  E:\n    C: 2\n"),
    ],
)  # fmt: skip
def test_a_change_is_written_as_a_person_would(text: str, changes: Any, expected: str) -> None:
    assert changed(source(text), changes).text == expected


def test_an_anchor_that_others_use_is_not_changed_behind_their_backs() -> None:
    with pytest.raises(UnfitError, match="several places"):
        changed(source("A: &a {B: 1}\nC: *a\n"), [Put(("A", "B"), 2)])
