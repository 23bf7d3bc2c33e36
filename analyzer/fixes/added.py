"""Resources that a fix adds, under logical ids that nothing in the template has yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from analyzer.findings import Fix


def with_free_names(fix: Fix, taken: Mapping[str, Any]) -> Fix:
    """The fix with its new resources renamed where `taken` has another thing of that name.

    What refers to a renamed resource inside the fix follows. A resource that is there already,
    word for word, keeps its name: it is not added twice.
    """
    names: dict[str, str] = {}
    for name, body in fix.add.items():
        if name in taken and taken[name] != body:
            known = {*taken, *fix.add, *names.values()}
            names[name] = next(new for n in count(2) if (new := f"{name}{n}") not in known)
    if not names:
        return fix
    return replace(
        fix,
        set=_renamed(fix.set, names),
        elsewhere=_renamed(fix.elsewhere, names),
        add={names.get(name, name): _renamed(body, names) for name, body in fix.add.items()},
    )


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _renamed_in(key, item, names) for key, item in value.items()}
    return [_renamed(item, names) for item in value] if isinstance(value, list | tuple) else value


def _renamed_in(function: str, value: Any, names: Mapping[str, str]) -> Any:
    if function in ("Ref", "DependsOn") and isinstance(value, str):
        return names.get(value, value)
    if function == "Fn::GetAtt":
        first, *rest = value.split(".", 1) if isinstance(value, str) else value
        parts = [names.get(first, first), *rest]
        return ".".join(parts) if isinstance(value, str) else parts
    if function == "Fn::Sub" and isinstance(value, str):
        return re.sub(r"\$\{(\w+)", lambda match: "${" + names.get(match[1], match[1]), value)
    return _renamed(value, names)
