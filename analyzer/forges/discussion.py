"""One comment on a pull request, however often it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from analyzer.errors import ForgeError
from analyzer.forges.api import RefusedError
from analyzer.forges.mark import marked

_GONE = 404


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that stands there."""

    id: int
    author: str
    body: str


def comment_of(entry: Any, user: str, name: str) -> Comment:
    """A comment as a host's API writes it. Raises `ForgeError` for what is none."""
    try:
        author = (entry.get(user) or {}).get(name) or ""
        return Comment(int(entry["id"]), str(author), str(entry.get("body") or ""))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ForgeError("the host answered with what is no comment") from None


class Discussion(Protocol):
    """A pull request's comments, at whatever host."""

    def me(self) -> str:
        """Who writes; "" where the host does not say."""

    def comments(self) -> Iterable[Comment]:
        """All comments."""

    def create(self, body: str) -> Comment:
        """A new comment."""

    def update(self, comment: Comment, body: str) -> None:
        """Another text for a comment."""

    def delete(self, comment: Comment) -> None:
        """No such comment any more."""


def keep_one(discussion: Discussion, text: str) -> str:
    """Write the text as the one comment of ours with its mark: "created" or "updated".

    Others may copy the mark: only what we wrote counts. Where two runs have written at once, both
    keep the older comment, so that one is left.
    """
    mine = _mine(discussion, marked(text), discussion.me())
    made = None
    if not mine:
        made = discussion.create(text)
        # Who wrote it is certain only now, and another run may have been at it too.
        mine = _mine(discussion, marked(text), made.author) or [made]
    first, *others = mine
    if made is None or first.id != made.id:
        discussion.update(first, text)
    for other in others:
        _delete(discussion, other)
    return "created" if made and first.id == made.id else "updated"


def _mine(discussion: Discussion, mark: str, author: str) -> list[Comment]:
    found = [
        comment
        for comment in discussion.comments()
        if author and comment.author == author and marked(comment.body) == mark
    ]
    return sorted(found, key=lambda comment: comment.id)


def _delete(discussion: Discussion, comment: Comment) -> None:
    try:
        discussion.delete(comment)
    except RefusedError as error:
        if error.status != _GONE:
            raise
