"""The body of a notification from a Jinja2 template of the user's own.

The template is given `summary` (what `--format webhook` prints), `run` (what `--format json` does)
and `failures`: the run's failed findings, each with its `system` and `profile`. It is rendered in a
sandbox; nothing is escaped for it, so JSON is written with `tojson`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.errors import InputError
from analyzer.escape import visible
from analyzer.history.asking import History
from analyzer.output.json import plain
from analyzer.output.webhook import summary
from analyzer.results import Run

if TYPE_CHECKING:
    import jinja2

JSON = "application/json"
_TYPES = {".txt": "text/plain", ".md": "text/markdown", ".xml": "application/xml"}
_TEMPLATE = ".j2"


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, and as what."""

    data: bytes
    type: str = JSON


@dataclass(frozen=True, slots=True)
class BodyTemplate:
    """A template that was read and has no fault in its syntax."""

    file: Path
    type: str
    template: jinja2.Template

    def render(self, run: Run, history: History | None = None) -> Body:
        """The body for a run.

        Raises `InputError` where the template fails, or gives no JSON though JSON is to be sent.
        """
        from jinja2 import TemplateError

        told = _visible(plain(run))
        given = {"summary": summary(run, history), "run": told, "failures": _failures(told)}
        try:
            text = self.template.render(given)
        except (
            TemplateError, ArithmeticError, LookupError, RecursionError, TypeError, ValueError,
        ) as error:  # fmt: skip
            line = _line_in(error, self.file)
            words = f"cannot be rendered: {error}" if f"{error}" else "cannot be rendered"
            raise InputError(visible(words), file=f"{self.file}", line=line) from error
        if self.type == JSON:
            self._check_json(text)
        return Body(text.encode("utf-8", "backslashreplace"), self.type)

    def _check_json(self, text: str) -> None:
        try:
            json.loads(text)
        except ValueError as error:
            raise InputError(
                f"gives no JSON: {error}",
                file=f"{self.file}",
                hint="write values with `| tojson`, or call the file NAME.txt.j2 to send text",
            ) from error


def read_body(file: Path) -> BodyTemplate:
    """The template in a file; the name before `.j2` tells what it gives, and that is else JSON.

    Raises `InputError` where it cannot be read or has a fault in its syntax.
    """
    from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    try:
        source = file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(
            f"cannot be read: {reason}", file=f"{file}", hint="check --webhook-body"
        ) from error
    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: (source, name, None) if name == f"{file}" else None),
        autoescape=False,
        undefined=StrictUndefined,
    )
    # Undefined is no value of JSON either: asked for its text, it says its name.
    environment.policies["json.dumps_kwargs"] = {"default": str}
    try:
        template = environment.get_template(f"{file}")
    except TemplateSyntaxError as error:
        words = visible(error.message or "has a fault in its syntax")
        raise InputError(words, file=f"{file}", line=error.lineno) from error
    named = file.name.removesuffix(_TEMPLATE).lower()
    return BodyTemplate(file, _TYPES.get(Path(named).suffix, JSON), template)


def _line_in(error: BaseException, file: Path) -> int:
    """The line of the template at which rendering failed."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == f"{file}":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _failures(run: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"system": judgement["system"], "profile": judgement["profile"], **finding}
        for judgement in run["judgements"]
        for finding in judgement["findings"]
        if finding["failed"]
    ]


def _visible(value: Any) -> Any:
    """The same with every text harmless to show."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(key): _visible(item) for key, item in value.items()}
    return [_visible(item) for item in value] if isinstance(value, list) else value
