"""Rule packs: folders of Python files, loaded by path, ours exactly as a user's own.

A pack is `<family>/<service>.py`; files directly in its folder belong to the family "custom". A
pack is code: see "Rule packs and trust" in the guide before running somebody else's.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from analyzer.errors import PackError
from analyzer.policy.rule import Rule, declared_rule


def load_packs(folders: Iterable[Path]) -> dict[str, Rule]:
    """The rules of all packs by id; raises `PackError` on a broken file or an id used twice."""
    rules: dict[str, Rule] = {}
    for folder in folders:
        for loaded in load_pack(folder):
            other = rules.get(loaded.id)
            if other is not None:
                raise PackError(
                    f"rule id {loaded.id} is already used in {other.file}:{other.line}",
                    file=loaded.file,
                    line=loaded.line,
                )
            rules[loaded.id] = loaded
    return rules


def load_pack(path: Path) -> list[Rule]:
    """The rules of one pack (a folder, or a single Python file), in file order."""
    if not path.exists():
        raise PackError("rule pack not found", file=str(path))
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    rules = []
    for file in files:
        family = file.parent.name if file.parent != path and path.is_dir() else "custom"
        module = _load(file)
        for value in vars(module).values():
            if getattr(value, "__module__", None) == module.__name__:
                loaded = declared_rule(value, family)
                if loaded is not None:
                    rules.append(loaded)
    if not rules:
        raise PackError("no rule in this pack", file=str(path), hint="rules are marked with @rule")
    return rules


def _load(file: Path) -> ModuleType:
    # The text is part of the name: a pack that was edited since is another module.
    identity = f"{file.resolve()}".encode() + _content(file)
    digest = hashlib.sha256(identity).hexdigest()[:12]
    name = f"_assay_pack_{file.stem}_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise PackError("not a Python file", file=str(file))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except PackError:
        raise
    except Exception as error:  # a pack is a user's code: whatever it raises is one clear line
        del sys.modules[name]
        raise PackError(
            f"cannot be loaded: {type(error).__name__}: {error}",
            file=str(file),
            line=_line_in(error, file),
        ) from error
    return module


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PackError(f"cannot be read: {error.strerror or error}", file=str(file)) from error


def _line_in(error: BaseException, file: Path) -> int:
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    line, trace = 0, error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == file.resolve():
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
