"""What the pipeline that we run in says of itself: where, for which change, of which commit."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from analyzer.output.links import Links, repository_root
from analyzer.transport import is_private

GITHUB = "github"
GITLAB = "gitlab"
_GITHUB_API = "https://api.github.com"
_GITLAB_API = "https://gitlab.com/api/v4"
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_PULL = re.compile(r"refs/pull/(\d+)/")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`project` is `owner/name` or an id; `number` the pull or merge request, 0 where none.

    `commit` is the one under review, `built` the one that was checked out for `ref`: a merge with
    the target, on GitHub.
    """

    host: str = ""
    api: str = ""
    project: str = ""
    number: int = 0
    commit: str = ""
    built: str = ""
    ref: str = ""
    files: str = ""  # the address before a file's path


def pipeline_of(environment: Mapping[str, str], host: str = "") -> Pipeline:
    """The pipeline that the environment tells of, or of a host by name; an empty one on a desk."""
    if host == GITLAB or (not host and environment.get("GITLAB_CI")):
        return _gitlab(environment)
    if host == GITHUB or environment.get("GITHUB_ACTIONS"):
        return _github(environment)
    return Pipeline()


def links_of(environment: Mapping[str, str]) -> Links | None:
    """Where the files of the commit under review are looked at; None outside a pipeline."""
    found = pipeline_of(environment)
    try:
        usable = is_private(urlsplit(found.files))
    except ValueError:
        usable = False
    if not usable or not _COMMIT.fullmatch(found.commit) or re.search(r"[\s()<>]", found.files):
        return None
    return Links(found.files, repository_root(Path.cwd()))


def _github(environment: Mapping[str, str]) -> Pipeline:
    event = _event(environment.get("GITHUB_EVENT_PATH", ""))
    pull = event.get("pull_request")
    head = pull.get("head") if isinstance(pull, dict) else None
    commit = str(head.get("sha", "")) if isinstance(head, dict) else ""
    built = environment.get("GITHUB_SHA", "")
    ref = environment.get("GITHUB_REF", "")
    number = _PULL.match(ref)
    project = environment.get("GITHUB_REPOSITORY", "")
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    return Pipeline(
        GITHUB,
        environment.get("GITHUB_API_URL") or _GITHUB_API,
        project,
        int(number[1]) if number else _number(pull.get("number") if isinstance(pull, dict) else 0),
        commit or built,
        built,
        ref,
        f"{server}/{project}/blob/{commit or built}/",
    )


def _gitlab(environment: Mapping[str, str]) -> Pipeline:
    built = environment.get("CI_COMMIT_SHA", "")
    commit = environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or built
    return Pipeline(
        GITLAB,
        environment.get("CI_API_V4_URL") or _GITLAB_API,
        environment.get("CI_PROJECT_ID", ""),
        _number(environment.get("CI_MERGE_REQUEST_IID")),
        commit,
        built,
        environment.get("CI_COMMIT_REF_NAME", ""),
        f"{environment.get('CI_PROJECT_URL', '')}/-/blob/{commit}/",
    )


def _number(text: Any) -> int:
    return int(text) if str(text).isdecimal() else 0


def _event(file: str) -> dict[str, Any]:
    """What set the pipeline off; nothing where that cannot be read."""
    try:
        event = json.loads(Path(file).read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    return event if isinstance(event, dict) else {}
