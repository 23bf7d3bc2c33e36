"""A saved reading of accounts: one file a service, region and account, each written in one step.

    snapshot/
      plan.json                     what was asked for, of which accounts and regions
      111122223333/eu-west-3/rds.json.gz

A file stands for work that is done: a run that was killed goes on with what is not there yet.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from analyzer.account.records import Part
from analyzer.account.sessions import Account
from analyzer.errors import InputError
from analyzer.storage import Storage

VERSION = 1
PLAN = "plan.json"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a snapshot holds when it is complete: accounts, regions, and what is read of them.

    `units` are the services that are read, by `global` or `regional`.
    """

    accounts: tuple[Account, ...]
    regions: Mapping[str, tuple[str, ...]]  # account id -> regions
    digest: str
    units: Mapping[str, tuple[str, ...]]
    started: str  # ISO 8601, UTC
    problems: tuple[str, ...] = ()
    version: int = VERSION
    types: tuple[str, ...] = field(default=())


class Snapshot:
    """The files of a snapshot, on a local path or any fsspec URL."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._storage = Storage(where)

    @property
    def absolute(self) -> str:
        """The place as another process finds it."""
        return self.where if "://" in self.where else f"{Path(self.where).resolve()}"

    def begin(self, scope: Scope) -> None:
        """Write what is going to be read."""
        self._storage.write(PLAN, json.dumps(asdict(scope), indent=1).encode())

    def scope(self) -> Scope | None:
        """What the snapshot is of; None where there is none yet. Raises `InputError`."""
        content = self._storage.read(PLAN)
        if content is None:
            return None
        try:
            data = json.loads(content)
            if data["version"] != VERSION:
                raise InputError(
                    f"is a snapshot of version {data['version']}; this assay reads {VERSION}",
                    file=self.where,
                    hint="read the account again, or use the assay that wrote it",
                )
            return Scope(
                **{
                    **data,
                    "accounts": tuple(Account(**account) for account in data["accounts"]),
                    "regions": {name: tuple(v) for name, v in data["regions"].items()},
                    "units": {name: tuple(v) for name, v in data["units"].items()},
                    "problems": tuple(data["problems"]),
                    "types": tuple(data["types"]),
                }
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._unreadable(PLAN) from error

    def save(self, part: Part) -> None:
        """Write one part, whole or not at all."""
        text = json.dumps(part.as_data(), separators=(",", ":"))
        name = _name(part.account, part.region, part.service)
        self._storage.write(name, gzip.compress(text.encode(), compresslevel=5, mtime=0))

    def has(self, account: str, region: str, service: str, digest: str) -> bool:
        """Whether a part of this plan is there, and can be read."""
        try:
            part = self.part(account, region, service)
        except InputError:
            return False
        return part is not None and part.digest == digest

    def part(self, account: str, region: str, service: str) -> Part | None:
        """One part; None where it was not read. Raises `InputError` where it cannot be used."""
        name = _name(account, region, service)
        content = self._storage.read(name)
        if content is None:
            return None
        try:
            return Part.from_data(json.loads(gzip.decompress(content)))
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise self._unreadable(name) from error

    def parts(self, account: str, region: str, services: Sequence[str]) -> Iterator[Part]:
        """The parts of a region that are there."""
        for service in services:
            part = self.part(account, region, service)
            if part is not None:
                yield part

    def _unreadable(self, name: str) -> InputError:
        return InputError(
            "is no readable part of a snapshot",
            file=f"{self.where}/{name}",
            hint="remove it, and read again with --resume",
        )


def _name(account: str, region: str, service: str) -> str:
    return f"{account}/{region}/{service}.json.gz"
