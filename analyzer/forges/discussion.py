"""One comment on a pull request, however often it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from analyzer.errors import ForgeError
from analyzer.forges.api import RefusedError
from analyzer.forges.mark import marked

_GONE = (404, 410)


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


def name_of(user: Any, name: str) -> str:
    """Who a host's API says that we are. Raises `ForgeError` where it does not say it."""
    found = user.get(name) if isinstance(user, dict) else None
    if not isinstance(found, str):
        raise ForgeError("the host answered with what is no user")
    return found


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
    keep the older comment, so that one is left; one that somebody deletes meanwhile is not missed.
    """
    mine = _mine(discussion, marked(text), discussion.me())
    kept = _updated(discussion, mine, text)
    if kept is not None:
        _delete(discussion, mine, kept)
        return "updated"
    made = discussion.create(text)
    # Who wrote it is certain only now, and another run may have been at it too.
    mine = _mine(discussion, marked(text), made.author)
    kept = _updated(discussion, [comment for comment in mine if comment.id < made.id], text)
    _delete(discussion, mine, kept or made)
    return "updated" if kept else "created"


def _updated(discussion: Discussion, comments: Iterable[Comment], text: str) -> Comment | None:
    """The first of the comments that still stands, now with the text; None where none does."""
    for comment in comments:
        try:
            discussion.update(comment, text)
        except RefusedError as error:
            if error.status not in _GONE:
                raise
        else:
            return comment
    return None


def _mine(discussion: Discussion, mark: str, author: str) -> list[Comment]:
    found = [
        comment
        for comment in discussion.comments()
        if author and comment.author == author and marked(comment.body) == mark
    ]
    return sorted(found, key=lambda comment: comment.id)


def _delete(discussion: Discussion, comments: Iterable[Comment], kept: Comment) -> None:
    """Delete all but one."""
    for comment in comments:
        try:
            if comment.id != kept.id:
                discussion.delete(comment)
        except RefusedError as error:
            if error.status not in _GONE:
                raise
