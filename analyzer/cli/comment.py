"""`assay comment`: one comment on a pull or merge request, however often it is written."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE
from analyzer.cli.pipeline import GITHUB, GITLAB, Pipeline, pipeline_of
from analyzer.cli.writing import emit
from analyzer.errors import ForgeError, UsageError
from analyzer.forges import github, gitlab
from analyzer.forges.api import told
from analyzer.forges.discussion import Discussion, keep_one
from analyzer.forges.mark import marked, renamed

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_PROJECT = re.compile(r"[\w./-]+")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--host",
    type=click.Choice([GITHUB, GITLAB]),
    help="Whose request it is. [default: that of the pipeline]",
)
@click.option(
    "--repository",
    metavar="OWNER/NAME",
    help="Repository, or project of GitLab. [default: that of the pipeline]",
)
@click.option(
    "--pull-request",
    "number",
    type=click.IntRange(min=1),
    help="Number of the pull or merge request. [default: that of the pipeline]",
)
@click.option("--name", metavar="NAME", help="Where a request has several comments: which one.")
def command(
    *, file: Path, host: str | None, repository: str | None, number: int | None, name: str | None
) -> int:
    """Write FILE as the one comment on a pull request; the next time it is edited.

    FILE is what `assay check --format comment` gives; - is standard input. The token stands in
    GITHUB_TOKEN, or in GITLAB_TOKEN (CI_JOB_TOKEN where the instance lets jobs write notes).

    Ends with 3 where the host does not permit it, as for a pull request from a fork.

    \b
    assay check . --base origin/main -o assay.comment.md
    assay comment assay.comment.md
    """  # noqa: D301 - \b is how click keeps lines
    found = pipeline_of(os.environ, host or "")
    found = replace(found, project=repository or found.project, number=number or found.number)
    discussion, limit = _discussion(found, os.environ)
    text = _text(file)
    if not text.strip():
        raise UsageError(f"'{file}' is empty")
    if name or not marked(text):
        text = renamed(text, name or "assay")
    if len(text) > limit:
        raise UsageError(f"a comment holds {limit:,} characters; '{file}' has {len(text):,}")
    try:
        emit(f"Comment {keep_one(discussion, text)}.")
    except ForgeError as error:
        click.echo(f"assay: the comment was not written: {told(error, _HINT)}", err=True)
        return INCOMPLETE
    return COMPLIANT


_HINT = "a request from a fork has a token that only reads, else see that the token may write"


def _text(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise UsageError(f"cannot read '{file}': {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"'{file}' is no UTF-8 text") from error


def _discussion(found: Pipeline, environment: Mapping[str, str]) -> tuple[Discussion, int]:
    """The request's comments, and how many characters one may have."""
    if not found.host:
        raise UsageError("this is no pipeline of GitHub or GitLab", hint="give --host")
    form = _REPOSITORY if found.host == GITHUB else _PROJECT
    if not form.fullmatch(found.project):
        raise UsageError(f"'{found.project}' is no repository", hint="give --repository owner/name")
    if not found.number:
        raise UsageError("this is no pipeline of a pull request", hint="give --pull-request")
    if found.host == GITHUB:
        hub = github.api(found.api, environment.get("GITHUB_TOKEN", ""))
        return github.PullRequest(hub, found.project, found.number), github.LIMIT
    own = environment.get("GITLAB_TOKEN", "")
    lab = gitlab.api(found.api, own or environment.get("CI_JOB_TOKEN", ""), job=not own)
    return gitlab.MergeRequest(lab, found.project, found.number), gitlab.LIMIT
