"""Making the calls of a plan: each once, many at a time, every failure kept as what it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import compress, groupby
from typing import Any

from analyzer.account.collector import GLOBAL, Call, Collector, Mapped, Read
from analyzer.account.expressions import search
from analyzer.account.failures import EXPIRED, Failure, failure_of
from analyzer.account.plan import Plan
from analyzer.account.records import Miss, Part, Record, Tally, plain, pruned
from analyzer.account.sessions import Account, Clients
from analyzer.secrets import masked, secret_in, secrets_below
from analyzer.template import MASK
from analyzer.template.regions import partition_of

MAX_PAGES = 10_000
"""Of one call: an answer that never ends is a failure, not a reason to go on for ever."""

_TOKENS = ("NextToken", "nextToken", "NextMarker", "NextPageToken", "IsTruncated")
_RENEWALS = 3  # of the credentials, for one call
Item = dict[str, Any]


class Reader:
    """Reads one account in one region; `calls` is the pool in which single calls are made."""

    def __init__(
        self,
        account: Account,
        region: str,
        clients: Clients,
        calls: ThreadPoolExecutor,
        *,
        max_pages: int = MAX_PAGES,
    ) -> None:
        self._account = account
        self._region = region
        self._clients = clients
        self._calls = calls
        self._max_pages = max_pages

    def read(self, plan: Plan, service: str, collectors: Sequence[Collector]) -> Part:
        """Everything that the collectors of one service tell."""
        work = _Unit(self)
        for collector in collectors:
            work.collect(collector)
        return Part(
            account=self._account.id,
            region=self._region,
            service=service,
            digest=plan.digest,
            read_at=datetime.now(UTC).isoformat(timespec="seconds"),
            told={collector.type: plan.told(collector) for collector in collectors},
            records=tuple(work.records),
            misses=tuple(dict.fromkeys(work.misses)),
            tally=work.tally,
            failures=dict(work.failures),
        )

    def pages(self, call: Call, parameters: Mapping[str, Any]) -> list[Any]:
        """Every page of a call's answer, as plain data. Raises `Failure`."""
        name = f"{call.service}:{call.operation}"
        for _ in range(_RENEWALS):
            age = self._clients.age
            try:
                return self._ask(call, parameters)
            except Failure:
                raise
            except Exception as error:  # whatever a client raises is no answer
                failure = failure_of(name, error)
                if failure.code not in EXPIRED:
                    raise failure from error
                self._clients.renew(age)
        raise failure

    def _ask(self, call: Call, parameters: Mapping[str, Any]) -> list[Any]:
        from botocore import xform_name

        client = self._clients.of(call.service, self._region)
        if call.prepare is not None:
            call.prepare(client)
        given = {**call.fixed, **parameters}
        paginator = _paginator(client, call)
        if paginator is None:
            answer = plain(getattr(client, xform_name(call.operation))(**given))
            if any(answer.get(token) for token in _TOKENS):
                # A list that goes on elsewhere is not the whole of it.
                raise Failure(f"{call.service}:{call.operation}", "MorePages", "failed")
            return [answer]
        pages: list[Any] = []
        for page in paginator.paginate(**given):
            if len(pages) == self._max_pages:
                raise Failure(f"{call.service}:{call.operation}", "EndlessPages", "failed")
            pages.append(plain(page))
        return pages

    def arn(self, pattern: str, item: Item) -> str:
        """A resource's ARN: what an expression finds, or a text with fields of the item."""
        if not pattern.startswith("arn:"):
            return f"{search(pattern, item)}"
        region = "us-east-1" if self._region == GLOBAL else self._region
        return pattern.format_map(
            {
                **item,
                "partition": partition_of(region),
                "region": region,
                "account": self._account.id,
            }
        )

    def release(self, service: str) -> None:
        """Let go of the client of a service that is read."""
        self._clients.release(service, self._region)

    def each(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """What `work` gives for each item, in order, many at a time."""
        return self._calls.map(work, items)

    @property
    def place(self) -> Item:
        """What expressions may use beside an answer: the account's id and the region."""
        return {"account": self._account.id, "region": self._region}


class _Unit:
    """The state of reading one service: what was asked already, and what came of it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._asked: dict[str, list[Any] | Failure] = {}
        self.records: list[Record] = []
        self.misses: list[Miss] = []
        self.tally = Tally()
        self.failures: Counter[str] = Counter()

    def collect(self, collector: Collector) -> None:
        """Read all resources of a type."""
        items = [*self._found(collector.type, collector.calls)]
        if collector.others:
            items += self._found(collector.type, collector.others)
        reads = [list(self._told(read, items)) for read in collector.reads]
        for position, item in enumerate(items):
            record = _record(
                collector,
                item,
                [(read, told[position]) for read, told in zip(collector.reads, reads, strict=True)],
                self._reader,
            )
            if record is not None:
                self.records.append(record)

    def _found(self, type_: str, calls: Iterable[Call]) -> list[Item]:
        """The items that a chain of calls ends with."""
        items: list[Item] = [{**self._reader.place}]
        for call in calls:
            items, failures = self._listed(call, items)
            self.misses.extend(Miss(type_, failure.call, failure.code) for failure in failures)
        return items

    def _listed(self, call: Call, parents: list[Item]) -> tuple[list[Item], list[Failure]]:
        """The items that a call gives for those of the call before it, and what failed."""
        batches = list(_batches(call, parents))
        answers = self._answers(call, [_parameters(call, batch) for batch in batches])
        items: list[Item] = []
        failures: list[Failure] = []
        for batch, answer in zip(batches, answers, strict=True):
            if isinstance(answer, Failure):
                if answer.code not in call.absent:
                    failures.append(answer)
                continue
            parent = batch[0].get("_parent") if call.batch else batch[0]
            for page in answer:
                items.extend(_item(found, parent) for found in _found(call.items, page))
        return items, failures

    def _told(self, read: Read, items: list[Item]) -> Iterator[Any]:
        """For each item what the read told: the joined answer, a failure, or None for "none"."""
        asked = [not read.when or bool(search(read.when, item)) for item in items]
        parameters = [_parameters(read.call, [item]) for item in compress(items, asked)]
        answers = iter(self._answers(read.call, parameters))
        for is_asked in asked:
            answer = next(answers) if is_asked else None
            if isinstance(answer, Failure):
                yield None if answer.code in read.call.absent else answer
            else:
                yield None if answer is None else _joined(answer)

    def _answers(
        self, call: Call, parameters: Sequence[Mapping[str, Any]]
    ) -> Iterator[list[Any] | Failure]:
        """The answers in order; what was asked before is not asked again."""
        keys = [_key(call, given) for given in parameters]
        new = {
            key: given
            for key, given in zip(keys, parameters, strict=True)
            if key not in self._asked
        }
        self.tally.planned += len(new)
        made = self._reader.each(lambda given: self._answer(call, given), new.values())
        for key, answer in zip(new, made, strict=True):
            self._asked[key] = answer
            failure = answer if isinstance(answer, Failure) else None
            if failure is not None and failure.code in call.absent:
                failure = None
            self.tally.note(failure)
            if failure is not None:
                self.failures[f"{failure.call} {failure.code}"] += 1
        return (self._asked[key] for key in keys)

    def _answer(self, call: Call, given: Mapping[str, Any]) -> list[Any] | Failure:
        try:
            return self._reader.pages(call, given)
        except Failure as failure:
            return failure


def _paginator(client: Any, call: Call) -> Any:
    """What pages through a call's answers; None where there is one only."""
    from botocore import xform_name
    from botocore.paginate import Paginator

    method = xform_name(call.operation)
    if client.can_paginate(method):
        return client.get_paginator(method)
    if not call.paging:
        return None
    model = client.meta.service_model.operation_model(call.operation)
    return Paginator(getattr(client, method), dict(call.paging), model)


def _key(call: Call, given: Mapping[str, Any]) -> str:
    asked = {**call.fixed, **given}
    return f"{call.service} {call.operation} {json.dumps(asked, sort_keys=True, default=str)}"


def _batches(call: Call, parents: list[Item]) -> Iterator[list[Item]]:
    """The items of one call each: one, or up to `batch` of one parent."""
    if not call.batch:
        yield from ([parent] for parent in parents)
        return
    for _, group in groupby(parents, key=lambda item: id(item.get("_parent"))):
        siblings = list(group)
        for start in range(0, len(siblings), call.batch):
            yield siblings[start : start + call.batch]


def _parameters(call: Call, items: list[Item]) -> dict[str, Any]:
    seen: Any = items if call.batch else items[0]
    given = {name: search(expression, seen) for name, expression in call.given.items()}
    return {name: value for name, value in given.items() if value is not None}


def _found(items: Mapped, page: Any) -> list[Any]:
    found = search(items, page)
    if found is None:
        return []
    return list(found) if not isinstance(found, Mapping) else [found]


def _item(found: Any, parent: Item | None) -> Item:
    item = dict(found) if isinstance(found, Mapping) else {"value": found}
    item["_parent"] = parent
    return item


def _joined(pages: list[Any]) -> Any:
    """The pages of one answer as one: lists one after the other, other fields from the first."""
    if len(pages) == 1:
        return pages[0]
    joined: dict[str, Any] = {}
    for page in pages:
        for name, value in page.items():
            if isinstance(value, list) and name in joined:
                joined[name] = [*joined[name], *value]
            else:
                joined.setdefault(name, value)
    return joined


def _record(
    collector: Collector, item: Item, told: list[tuple[Read, Any]], reader: Reader
) -> Record | None:
    """A resource, or None where an essential read says that there is none."""
    properties = {name: search(how, item) for name, how in collector.properties.items()}
    live = {name: search(how, item) for name, how in collector.live.items()}
    unread: dict[str, str] = {}
    for read, answer in told:
        if answer is None:
            if read.essential:
                return None
        elif isinstance(answer, Failure):
            unread.update(dict.fromkeys(read.tells, f"{answer}"))
        else:
            seen = {**answer, "_item": item}
            properties.update({name: search(how, seen) for name, how in read.properties.items()})
            live.update({name: search(how, seen) for name, how in read.live.items()})
    arn = reader.arn(collector.arn, item)
    names = {search(name, item) for name in collector.names}
    region = search(collector.region, {**item, **live}) if collector.region else None
    return Record(
        type=collector.type,
        arn=arn,
        region=region or reader.place["region"],
        names=tuple(sorted(f"{name}" for name in names if name)),
        properties=_masked(pruned(properties) or {}),
        live=_masked(pruned(live) or {}),
        unread=unread,
    )


def _masked(values: Any) -> Any:
    """The values without secrets: nothing that was read is stored or shown before."""
    return _without(values, frozenset(secrets_below(values)))


def _without(value: Any, secrets: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _without(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, secrets) for item in value]
    if not isinstance(value, str):
        return value
    if value in secrets:
        return MASK
    return masked(value) if secret_in(value) else value
