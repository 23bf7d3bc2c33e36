"""Work on many things spread over processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_MANY = 64  # below, starting processes costs more than it gains
_PARTS = 4  # for each process, so that all end at about the same time

# What forked processes inherit: a function need not be something that can be sent to them.
_inherited: list[Callable[[Sequence[Any]], Any]] = []


def spread(work: Callable[[Sequence[T]], R], items: Sequence[T]) -> Iterator[R]:
    """The results of `work` over consecutive parts of the items, in order.

    In processes of their own where there are many items, several processors, and a system that can
    fork; in this one otherwise. What `work` returns must be picklable. The caller runs no threads.
    """
    processes = min(os.cpu_count() or 1, 8)
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    if len(items) < _MANY or processes == 1 or not can_fork:
        yield work(items)
        return
    size = -(-len(items) // (processes * _PARTS))
    parts = [items[start : start + size] for start in range(0, len(items), size)]
    _inherited.append(work)
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            yield from pool.imap(_work, parts)
    finally:
        _inherited.pop()


def _work(part: Sequence[Any]) -> Any:
    return _inherited[-1](part)
