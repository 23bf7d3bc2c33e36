"""One file per format; each is a function of a `Run`. `render` finds it by the name users write."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from analyzer.errors import UsageError
from analyzer.results import Run

# The module is imported when its format is asked for: what it needs stays out of the other paths.
FORMATS = {
    "text": "analyzer.output.text:text",
    "json": "analyzer.output.json:document",
    "sarif": "analyzer.output.sarif:sarif",
    "codequality": "analyzer.output.codequality:codequality",
    "junit": "analyzer.output.junit:junit",
    "markdown": "analyzer.output.markdown:markdown",
    "comment": "analyzer.output.comment:comment",
    "html": "analyzer.output.html:html",
    "csv": "analyzer.output.csv:csv",
    "focus": "analyzer.output.focus:focus",
    "ocsf": "analyzer.output.ocsf:ocsf",
    "asff": "analyzer.output.asff:asff",
    "oscal": "analyzer.output.oscal:oscal",
    "webhook": "analyzer.output.webhook:webhook",
}


def renderer(format: str) -> Callable[..., str]:  # noqa: A002 - the option's name
    """The function of a format; raises `UsageError` for one that does not exist."""
    if format not in FORMATS:
        raise UsageError(f"there is no format '{format}'", hint=f"use one of {', '.join(FORMATS)}")
    module, _, function = FORMATS[format].partition(":")
    found: Callable[..., str] = getattr(import_module(module), function)
    return found


def render(run: Run, format: str, **options: Any) -> str:  # noqa: A002 - the option's name
    """The run in a format; `options` are the keywords that the format's function has."""
    return renderer(format)(run, **options)
