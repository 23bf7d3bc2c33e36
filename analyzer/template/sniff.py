"""Which files of a folder are templates."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SUFFIXES = (".yaml", ".yml", ".json", ".template")
_LOOKED_AT = 1_000_000
_RESOURCES = re.compile(r"""^["']?Resources["']?[ \t]*:""", re.MULTILINE)
_IN_BRACKETS = re.compile(r"""[{,\s]["']?Resources["']?\s*:""")
_SIGN = re.compile(r"""AWSTemplateFormatVersion|["']?Type["']?\s*:\s*["']?(?:AWS|Alexa|Custom)::""")
_SKIPPED = {"node_modules", "__pycache__", "venv", "site-packages"}
_STACK_ARTIFACT = "aws:cloudformation:stack"


def is_template(path: str | Path) -> bool:
    """Whether a file looks like a template: a cheap look at its text, no parsing.

    One that nobody lets us look at may be one: whoever reads it says what is in the way.
    """
    file = Path(path)
    if file.suffix.lower() not in _SUFFIXES:
        return False
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            content = stream.read(_LOOKED_AT)
    except PermissionError:
        return True
    except OSError:
        return False
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = content.decode(encoding, errors="replace")
    return _SIGN.search(text) is not None and _has_resources(text)


def _has_resources(text: str) -> bool:
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        return _IN_BRACKETS.search(text) is not None
    return _RESOURCES.search(text) is not None


def templates_in(folder: str | Path) -> Iterator[Path]:
    """The templates below a folder, in order; of a CDK assembly, those that its manifest names.

    A folder that cannot be looked into comes itself, last: reading it says why.
    """
    closed: list[OSError] = []
    for name, folders, files in os.walk(folder, onerror=closed.append):
        here = Path(name)
        assembly = _assembly(here)
        if assembly is not None:
            folders.clear()
            yield from assembly
            continue
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED)
        yield from (here / file for file in sorted(files) if is_template(here / file))
    yield from (Path(error.filename) for error in closed if isinstance(error, PermissionError))


def _assembly(folder: Path) -> list[Path] | None:
    """The stacks of a CDK assembly and of the assemblies (stages) inside it."""
    try:
        manifest: Any = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        artifacts = manifest["artifacts"].values()
        found = []
        for artifact in artifacts:
            properties = artifact.get("properties", {})
            if artifact.get("type") == _STACK_ARTIFACT:
                found.append(folder / properties["templateFile"])
            elif artifact.get("type") == "cdk:cloud-assembly":
                found.extend(_assembly(folder / properties["directoryName"]) or ())
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None
    return found
