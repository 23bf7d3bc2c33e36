"""GitHub: the comments of a pull request, and code scanning."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyzer.errors import UsageError
from analyzer.forges.api import Api, RefusedError
from analyzer.forges.discussion import Comment, comment_of, name_of

LIMIT = 65_536  # characters of a comment
_LARGEST = 10_000_000  # bytes of SARIF, compressed
# Who writes with the token of a workflow, which may not ask who it is.
_WORKFLOW = "github-actions[bot]"


def api(url: str, token: str, **options: Any) -> Api:
    """GitHub's API."""
    return Api("GitHub", url, "Authorization", f"Bearer {token}" if token else "", **options)


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request of a repository, `owner/name`."""

    api: Api
    repository: str
    number: int

    def me(self) -> str:
        """The token's user; a workflow's own where the token is none of a user."""
        try:
            return name_of(self.api.ask("GET", "user"), "login")
        except RefusedError as error:
            if error.status in (403, 404):
                return _WORKFLOW
            raise

    def comments(self) -> Iterator[Comment]:
        """All comments, oldest first."""
        path = f"repos/{self.repository}/issues/{self.number}/comments"
        return map(_comment, self.api.pages(path))

    def create(self, body: str) -> Comment:
        """A new comment."""
        path = f"repos/{self.repository}/issues/{self.number}/comments"
        return _comment(self.api.ask("POST", path, {"body": body}))

    def update(self, comment: Comment, body: str) -> None:
        """Another text for a comment."""
        path = f"repos/{self.repository}/issues/comments/{comment.id}"
        self.api.ask("PATCH", path, {"body": body})

    def delete(self, comment: Comment) -> None:
        """No such comment any more."""
        self.api.ask("DELETE", f"repos/{self.repository}/issues/comments/{comment.id}")


def _comment(entry: Any) -> Comment:
    return comment_of(entry, "user", "login")


def upload(host: Api, repository: str, *, commit: str, ref: str, sarif: bytes) -> None:
    """Hand SARIF to code scanning."""
    packed = gzip.compress(sarif, mtime=0)
    if len(packed) > _LARGEST:
        size = f"{len(packed) / 1e6:.1f} MB"
        raise UsageError(
            f"the SARIF is too large for code scanning: {size} compressed, of 10 MB",
            hint="judge fewer paths at once",
        )
    body = {"commit_sha": commit, "ref": ref, "sarif": base64.b64encode(packed).decode()}
    host.ask("POST", f"repos/{repository}/code-scanning/sarifs", body)
