"""Which values a condition key can have, as far as the tests on it can tell them apart.

IAM User Guide, "IAM JSON policy elements: Condition operators", "Conditions with multiple context
keys or values" and "Multivalued context keys".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import combinations, pairwise

from analyzer.iam.conditions import Test
from analyzer.iam.patterns import (
    TooManyClasses,
    arn_glob,
    classes,
    expression,
    glob,
    holes_in,
    literal,
)

Value = str | tuple[str, ...] | None  # None: the request has no such key
_SETS_OF = 6  # kinds of values of which every set is tried
# Every request has these (IAM User Guide, "AWS global condition context keys", Availability).
_ALWAYS_THERE = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:principalisawsservice",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:viaawsservice",
    }
)
_TEXTS = {
    "StringEquals": literal,
    "StringEqualsIgnoreCase": literal,
    "StringLike": glob,
    "ArnEquals": arn_glob,
    "ArnLike": arn_glob,
    "BinaryEquals": literal,
}
_ARNS = ("ArnEquals", "ArnLike")
_COLONS = 5  # in every ARN
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "Equals": lambda value, bound: value == bound,
    "LessThan": lambda value, bound: value < bound,
    "LessThanEquals": lambda value, bound: value <= bound,
    "GreaterThan": lambda value, bound: value > bound,
    "GreaterThanEquals": lambda value, bound: value >= bound,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of value: an example, and the tests that hold for it as bits."""

    value: Value
    held: int


def kind_of(test: Test) -> str:
    """What a test compares: text, flag, number, date, address, presence; "" for what is not known.

    A test with a value that only the request or the deployment knows is not known.
    """
    operator = test.positive
    if operator == "Null":
        return "presence"
    if any(holes_in(glob(value)) for value in test.values):
        return ""
    if operator in _ARNS and any(f"{value}".count(":") < _COLONS for value in test.values):
        return ""  # what AWS makes of a value that is no ARN is not told
    if operator in _KINDS:
        kind, read = _KINDS[operator]
        return kind if _readable(test, read) else ""
    for prefix, kind, read in (("Numeric", "number", float), ("Date", "date", _moment)):
        if operator.startswith(prefix) and operator.removeprefix(prefix) in _ORDERS:
            return kind if _readable(test, read) else ""
    return ""


def _readable(test: Test, read: Callable[[str], object]) -> bool:
    try:
        for value in test.values:
            read(f"{value}")
    except ValueError:
        return False
    return True


def comparable(tests: Sequence[Test]) -> bool:
    """Whether tests on one key are all understood, and speak of one kind of value."""
    kinds = {kind_of(test) for test in tests} - {"presence"}
    return "" not in kinds and (len(kinds) < 2 or kinds == {"text", "flag"})  # noqa: PLR2004 - one kind


@lru_cache(maxsize=4096)
def cases(tests: tuple[Test, ...]) -> tuple[Case, ...]:
    """Every kind of value that a key can have, of which these tests are all that is asked.

    Raises `TooManyClasses` where there are too many.
    """
    found = {case.held: case for case in reversed(every_case(tests))}
    return tuple(found.values())


@lru_cache(maxsize=4096)
def every_case(tests: tuple[Test, ...]) -> tuple[Case, ...]:
    """As `cases`, with each value by which the same tests hold: not everyone has each of them."""
    return tuple(
        Case(value, sum(1 << index for index, test in enumerate(tests) if holds(test, value)))
        for value in _values(tests)
    )


def _values(tests: Sequence[Test]) -> Iterator[Value]:
    single = list(_singles(tests))
    if any(test.for_all or test.for_any for test in tests):
        if len(single) > _SETS_OF:
            raise TooManyClasses
        for size in range(1, len(single) + 1):
            yield from combinations(single, size)
    else:
        yield from single
    if tests[0].key not in _ALWAYS_THERE:
        yield None


def _singles(tests: Sequence[Test]) -> Iterator[str]:
    kinds = {kind_of(test) for test in tests}
    if "flag" in kinds:
        yield from ("true", "false")
    elif "number" in kinds:
        yield from (_number(point) for point in _around(_bounds(tests, float)))
    elif "date" in kinds:
        yield from (_shown(point) for point in _around(_bounds(tests, _moment)))
    elif "address" in kinds:
        yield from _addresses(tests)
    else:
        patterns: list[str] = []
        folded: set[int] = set()
        for test in tests:
            for value in test.values if kind_of(test) == "text" else ():
                if "IgnoreCase" in test.operator:
                    folded.add(len(patterns))
                patterns.append(_TEXTS[test.positive](value))
        yield from (found.example for found in classes(tuple(patterns), frozenset(folded)))


def _bounds(tests: Iterable[Test], read: Callable[[str], float]) -> set[float]:
    return {
        read(f"{value}") for test in tests if kind_of(test) != "presence" for value in test.values
    }


def _around(bounds: set[float]) -> Iterator[float]:
    """Every bound, and a point in each gap."""
    ordered = sorted(bounds)
    yield ordered[0] - 1
    for low, high in pairwise(ordered):
        yield from (low, (low + high) / 2)
    yield from (ordered[-1], ordered[-1] + 1)


def _moment(text: str) -> float:
    """Seconds of the epoch; a number is one already. Raises ValueError."""
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(point: float) -> str:
    return f"{point!r}".removesuffix(".0")


def _shown(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (OverflowError, ValueError):  # a year with more than four digits, or before the first
        return _number(seconds)


def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text, strict=False)


def _addresses(tests: Sequence[Test]) -> Iterator[str]:
    """The first address of each block, the one behind its last, and one of each family."""
    yield "52.0.0.1"
    yield "2600::1"
    for test in tests:
        for value in test.values if kind_of(test) == "address" else ():
            network = _network(f"{value}")
            yield f"{network.network_address}"
            if int(network.broadcast_address) + 1 < 1 << network.max_prefixlen:
                yield f"{network.broadcast_address + 1}"
    yield from ("0.0.0.0", "::")  # noqa: S104 - an example of an address


_KINDS: dict[str, tuple[str, Callable[[str], object]]] = {
    **dict.fromkeys(_TEXTS, ("text", str)),
    "Bool": ("flag", str),
    "IpAddress": ("address", _network),
}


def holds(test: Test, value: Value) -> bool:
    """Whether a test holds for a key's value, as IAM decides it."""
    if test.operator == "Null":
        return any((f"{wanted}".lower() == "true") is (value is None) for wanted in test.values)
    if value is None:
        return not test.needs_key
    given = value if isinstance(value, tuple) else (value,)
    asked = [_meets(test, one) is not test.negated for one in given]
    return all(asked) if test.for_all else any(asked)


def _meets(test: Test, value: str) -> bool:
    """Whether one value is one of those that the test names, its negation left out."""
    return any(_is(test, f"{wanted}", wanted, value) for wanted in test.values)


def _is(test: Test, text: str, wanted: object, value: str) -> bool:
    operator = test.positive
    if operator in _TEXTS:
        pattern = expression(_TEXTS[operator](wanted), fold="IgnoreCase" in operator)
        return pattern.fullmatch(value) is not None
    if operator == "Bool":
        return text.lower() == value.lower()
    if operator == "IpAddress":
        return _contains(_network(text), ip_address(value))
    order = operator.removeprefix("Numeric").removeprefix("Date")
    read = float if operator.startswith("Numeric") else _moment
    return _ORDERS[order](read(value), read(text))


def _contains(network: IPv4Network | IPv6Network, address: IPv4Address | IPv6Address) -> bool:
    return address.version == network.version and address in network
