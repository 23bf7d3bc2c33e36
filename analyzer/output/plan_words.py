"""What a change of a plan does, in words that fit into a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analyzer.escape import visible
from analyzer.findings import Fix
from analyzer.planning.candidate import Candidate
from analyzer.template.editing import is_function

_LONGEST = 48  # of a value; what is longer is named, and stands in the patch


def change_words(candidate: Candidate) -> str:
    """A change in a few words: its own, or those of its fix, and what comes along."""
    edits = candidate.along if candidate.title else candidate.change.edits
    return "; ".join(filter(None, (candidate.title, *(_fix(fix) for _, fix in edits))))


def _fix(fix: Fix) -> str:
    """What a fix sets, takes out and adds."""
    parts = [
        *(_set(path, value) for path, value in fix.set.items()),
        *(f"{visible(name)}: {visible(text)}" for name, text in fix.attributes.items()),
        *(f"without {visible(path)}" for path in fix.remove if path),
        *("without it" for path in fix.remove if not path),
        *_elsewhere(fix),
    ]
    if fix.add:
        *names, last = map(visible, fix.add)
        parts.append(f"adds {' and '.join(filter(None, (', '.join(names), last)))}")
    return ", ".join(parts)


def _elsewhere(fix: Fix) -> Iterator[str]:
    for key, values in fix.elsewhere.items():
        other = visible(key.rpartition("/")[2])
        for path, value in values.items():
            if value is not None:
                yield f"{_set(path, value)} ({other})"
            else:
                yield f"without {visible(path)} ({other})" if path else f"without {other}"


def _set(path: str, value: Any) -> str:
    """`StorageEncrypted: true`; `FileSystemPolicy` alone where its value is long."""
    name, said = path.removesuffix("/-"), value
    while isinstance(said, Mapping) and len(said) == 1 and not is_function(said):
        ((part, said),) = said.items()
        name = f"{name}/{part}"
    text = _value(said)
    if path.endswith("/-"):
        return f"{visible(name)} with {visible(text)}" if text else f"more in {visible(name)}"
    return f"{visible(name)}: {visible(text)}" if text else f"sets {visible(name)}"


def _value(value: Any) -> str:
    """A value in a few words; "" for one that is long, or has structures in it."""
    if isinstance(value, Mapping) and not is_function(value):
        return _joined((f"{key} ", _single(item)) for key, item in value.items())
    if isinstance(value, list):
        return _joined(("", _single(item)) for item in value)
    return _single(value)


def _single(value: Any) -> str:
    """What is no structure: a text, a number, or the resource that a function names."""
    if isinstance(value, Mapping):
        return _named(value)
    if isinstance(value, list):
        return ""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST else ""


def _joined(items: Iterable[tuple[str, str]]) -> str:
    told = list(items)
    text = ", ".join(f"{key}{words}" for key, words in told)
    return text if all(words for _, words in told) and len(text) <= _LONGEST else ""


def _named(value: Any) -> str:
    """The resource, or its attribute, that a function names; "" for another value."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return ""
    ((function, argument),) = value.items()
    if function == "Ref" and isinstance(argument, str):
        return argument
    if function == "Fn::GetAtt":
        return argument if isinstance(argument, str) else ".".join(map(str, argument))
    return ""
