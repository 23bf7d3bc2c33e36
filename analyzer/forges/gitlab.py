"""GitLab: the notes of a merge request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from analyzer.forges.api import Api, RefusedError
from analyzer.forges.discussion import Comment, comment_of, name_of

LIMIT = 1_000_000  # characters of a note


def api(url: str, token: str, *, job: bool = False, **options: Any) -> Api:
    """GitLab's API; `job` where the token is a job's, which few instances let write notes."""
    return Api("GitLab", url, "JOB-TOKEN" if job else "PRIVATE-TOKEN", token, **options)


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """A merge request of a project, by id or by path."""

    api: Api
    project: str
    number: int

    def me(self) -> str:
        """The token's user; "" where the token may not ask."""
        try:
            return name_of(self.api.ask("GET", "user"), "username")
        except RefusedError as error:
            if error.status in (401, 403, 404):
                return ""
            raise

    def comments(self) -> Iterator[Comment]:
        """All notes."""
        return map(_note, self.api.pages(self._notes))

    def create(self, body: str) -> Comment:
        """A new note."""
        return _note(self.api.ask("POST", self._notes, {"body": body}))

    def update(self, comment: Comment, body: str) -> None:
        """Another text for a note."""
        self.api.ask("PUT", f"{self._notes}/{comment.id}", {"body": body})

    def delete(self, comment: Comment) -> None:
        """No such note any more."""
        self.api.ask("DELETE", f"{self._notes}/{comment.id}")

    @property
    def _notes(self) -> str:
        return f"projects/{quote(self.project, safe='')}/merge_requests/{self.number}/notes"


def _note(entry: Any) -> Comment:
    return comment_of(entry, "author", "username")
