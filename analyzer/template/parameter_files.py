"""Parameter files as the AWS CLI, CodePipeline and the SAM CLI write them."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analyzer.errors import InputError
from analyzer.template.source import read_source

# Half of a character, which JSON can hold and no text can.
_SURROGATE = re.compile("[\ud800-\udfff]")
_CLI_KEYS = {"ParameterKey", "ParameterValue", "ResolvedValue", "UsePreviousValue"}


def read_parameters(path: str | Path, environment: str = "default") -> Mapping[str, str]:
    """The parameters of a file: name to text.

    Read are the AWS CLI's list, CodePipeline's `{"Parameters": {...}}`, a plain map (JSON or
    YAML), and `parameter_overrides` of one environment of a `samconfig.toml`.

    Raises InputError where the file is missing or in none of these forms.
    """
    file = Path(path)
    if file.suffix == ".toml":
        return _from_samconfig(file, environment)
    text = _read(file)
    data: Any = None
    if text.lstrip().startswith("["):
        try:
            data = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
            raise InputError("is not valid JSON", file=str(path), line=line) from None
    else:
        data = read_source((str(path), text.encode())).data
    if isinstance(data, list):
        return _from_cli(data, str(path))
    inner = data.get("Parameters", data)
    if not isinstance(inner, dict):
        raise InputError("Parameters is not a map", file=str(path), hint="map names to values")
    return {name: _text(name, value, str(path)) for name, value in inner.items()}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError("does not exist", file=str(file), hint="check the path") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(f"cannot be read: {reason}", file=str(file)) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", file=str(file), hint="save it as UTF-8") from None


def _from_cli(data: list[Any], file: str) -> dict[str, str]:
    result: dict[str, str] = {}
    for entry in data:
        if isinstance(entry, str) and "=" in entry:
            name, _, value = entry.partition("=")
            result[name] = _text(name, value, file)
        elif isinstance(entry, dict) and "ParameterKey" in entry and set(entry) <= _CLI_KEYS:
            name = _text("ParameterKey", entry["ParameterKey"], file)
            if entry.get("ParameterValue") is not None:
                result[name] = _text(name, entry["ParameterValue"], file)
        else:
            raise InputError(
                "is not a list of parameters",
                file=file,
                hint='write {"ParameterKey": "Name", "ParameterValue": "value"}',
            )
    return result


def _text(name: str, value: Any, file: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float) and not _SURROGATE.search(f"{value}"):
        return f"{value}"
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return ",".join(_text(name, item, file) for item in value)
    raise InputError(f"the value of `{name}` is not a text", file=file, hint="quote it")


def _from_samconfig(file: Path, environment: str) -> dict[str, str]:
    try:
        data = tomllib.loads(_read(file))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"is not valid TOML: {error}", file=str(file)) from None
    chosen = data.get(environment)
    if not isinstance(chosen, dict):
        known = ", ".join(name for name in data if name != "version")
        raise InputError(
            f"has no environment `{environment}`", file=str(file), hint=f"it has: {known}"
        )
    result: dict[str, str] = {}
    for command in ("global", "deploy"):
        section = chosen.get(command, {})
        settings = section.get("parameters", {}) if isinstance(section, dict) else {}
        if not isinstance(settings, dict):
            raise InputError(f"{environment}.{command}.parameters is not a table", file=str(file))
        result.update(_overrides(settings.get("parameter_overrides", ""), str(file)))
    return result


def _overrides(stated: Any, file: str) -> dict[str, str]:
    """`"A=1 B='two words'"`, the old `ParameterKey=A,ParameterValue=1`, or a list of either."""
    if isinstance(stated, dict):
        return {name: _text(name, value, file) for name, value in stated.items()}
    try:
        words = shlex.split(stated) if isinstance(stated, str) else [f"{word}" for word in stated]
    except (ValueError, TypeError):
        raise InputError("parameter_overrides has an open quote", file=file) from None
    result: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if name == "ParameterKey" and ",ParameterValue=" in value:
            name, _, value = value.partition(",ParameterValue=")
        if not sign or not name:
            raise InputError(
                f"parameter_overrides has `{word}`", file=file, hint="write Name=value"
            )
        result[name] = value
    return result
