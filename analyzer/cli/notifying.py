"""What a run is told to a webhook with, for the commands that judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.cli.options import with_options
from analyzer.errors import UsageError
from analyzer.results import Run

if TYPE_CHECKING:
    from analyzer.history import History
    from analyzer.output.webhook_body import BodyTemplate

WEBHOOK = with_options(
    click.option("--webhook", default="", metavar="URL", help="Send a summary of the run here."),
    click.option(
        "--webhook-body",
        "body_file",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Send what this Jinja2 template makes of the run.",
    ),
)


class Webhook:
    """Where a run is sent, and the template of what is sent; faults are told before the work."""

    def __init__(self, url: str, body_file: Path | None) -> None:
        if body_file is not None and not url:
            raise UsageError(
                "--webhook-body says what is sent, and not where", hint="give --webhook"
            )
        self._url = url
        self._template = _read(body_file)

    def __bool__(self) -> bool:
        """Whether a run is sent anywhere."""
        return bool(self._url)

    def send(self, run: Run, store: str = "") -> None:
        """Tell a run, with what is new where there is a history."""
        from analyzer.notify import post, send
        from analyzer.output.webhook import summary

        history = _history(store) if store else None
        if self._template is None:
            post(self._url, summary(run, history))
        else:
            body = self._template.render(run, history)
            send(self._url, body.data, body.type)


def _history(store: str) -> History:
    from analyzer.history import read_history

    return read_history(store)


def _read(file: Path | None) -> BodyTemplate | None:
    if file is None:
        return None
    from analyzer.output.webhook_body import read_body

    return read_body(file)
