"""Secrets of a template, as far as a foreign checker might repeat them in its messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analyzer.secrets import masked as secrets_masked
from analyzer.secrets import names_secret
from analyzer.template import MASK

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def masked(message: str, path: Sequence[object], secrets: Sequence[str]) -> str:
    """The message without the template's secrets.

    What it quotes is hidden where the path names a secret; `secrets` are hidden wherever they are.
    """
    message = secrets_masked(message, secrets)
    if any(names_secret(str(part)) for part in path):
        message = _QUOTED.sub(f"'{MASK}'", message)
    return message


def secrets_of(file: Path) -> tuple[str, ...]:
    """The defaults of parameters with NoEcho, longest first; none of a file that cannot be read."""
    try:
        content = file.read_bytes()
    except OSError:
        return ()
    if b"NoEcho" not in content:
        return ()
    return tuple(sorted(set(_hidden_defaults(content)), key=len, reverse=True))


def _hidden_defaults(content: bytes) -> Iterator[str]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(content, Loader=loader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    for _, parameter in _items(_child(root, "Parameters")):
        hidden = _child(parameter, "NoEcho")
        default = _child(parameter, "Default")
        if not isinstance(hidden, yaml.ScalarNode) or not isinstance(default, yaml.ScalarNode):
            continue
        if hidden.value.lower() in ("true", "yes", "1") and default.value:
            yield default.value


def _items(node: Any) -> list[tuple[Any, Any]]:
    return node.value if getattr(node, "id", "") == "mapping" else []


def _child(node: Any, name: str) -> Any:
    return next((value for key, value in _items(node) if key.value == name), None)
