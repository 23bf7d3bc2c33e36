"""Questions that have an answer although a part of what they ask about is not known."""

from __future__ import annotations

from collections.abc import Callable

from analyzer.model import Props, Resource
from analyzer.unknown import Undecided


def matching(
    owner: Resource | Props, name: str, test: Callable[[Resource], bool]
) -> list[Resource]:
    """Those of the resources that a list property names for which a test holds.

    Raises `Undecided` where it holds for none that is known, but some are not known.
    """
    resource = owner.resource if isinstance(owner, Props) else owner
    found: list[Resource] = []
    undecided: Undecided | None = None
    for value in getattr(owner, name):
        try:
            target = resource.inventory.resolve(value, f"{name} of {resource.id}")
            if test(target):
                found.append(target)
        except Undecided as error:
            undecided = undecided or error
    if undecided and not found:
        raise undecided
    return found


def all_hold(*tests: Callable[[], object]) -> bool:
    """Whether every test holds; each is asked only where those before it did not fail.

    Raises `Undecided` where none fails, but some are not decided.
    """
    undecided: Undecided | None = None
    for test in tests:
        try:
            if not test():
                return False
        except Undecided as error:
            undecided = undecided or error
    if undecided:
        raise undecided
    return True
