"""How a resource type is read from an account: its calls, and what their answers mean.

A collector is a table: which call lists the resources, which reads follow for each of them, and
how every answer becomes CloudFormation's names, in JMESPath or, where that cannot say it, by a
function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Answer = Mapping[str, Any]
Mapped = str | Callable[[Any], Any]
"""JMESPath over an answer, with the functions of `analyzer.account.expressions`, or a function."""

GLOBAL = "global"
"""The region of what belongs to an account as a whole: IAM, CloudFront, Route 53, the buckets."""


@dataclass(frozen=True)
class Call:
    """One call of the API, with everything that pages through it.

    `service` is boto3's name, `operation` the API's (`DescribeDBInstances`). `items` finds the
    items in a page (JMESPath, or a function of the page that yields them). `fixed` parameters are
    sent as they are; those of `given` are JMESPath over the item that the call is made for. `batch`
    is how many such items one call takes, of one parent at a time: `given` then sees their list.
    An item that is no map becomes `{"value": item}`; `_parent` is the item that it was read for.
    `absent` lists error codes that say "there is none", which is a fact and no failure. `action` is
    the IAM action where it is not `service:operation`. `prepare` does with the client what must be
    done before, such as ordering a report, and `prepare_action` permits it. `paging` says how an
    answer leads to the next one, in botocore's words, where boto3 has no paginator for it.
    """

    service: str
    operation: str
    items: Mapped = "@"
    given: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    batch: int = 0
    absent: tuple[str, ...] = ()
    action: str = ""
    prepare: Callable[[Any], None] | None = None
    prepare_action: str = ""
    paging: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """What one more call tells about each listed resource.

    `call.items` is not used: `properties` and `live` are taken from the whole answer, all pages
    joined. An `essential` read decides whether there is such a resource: without an answer (its
    `absent` codes) there is none. Where `when` (JMESPath over the item) does not hold, the call is
    not made: it could tell nothing.
    """

    call: Call
    properties: Mapping[str, Mapped] = field(default_factory=dict)
    live: Mapping[str, Mapped] = field(default_factory=dict)
    essential: bool = False
    when: str = ""

    @property
    def tells(self) -> frozenset[str]:
        """The properties and live facts that come from this read."""
        return frozenset(self.properties) | frozenset(self.live)


@dataclass(frozen=True)
class Collector:
    """How resources of one CloudFormation type are read.

    `calls` is a chain: the first lists, each other is made for what the one before gave; the items
    of the last are the resources; `others` is a second chain whose items are resources as well.
    `arn` is JMESPath to the ARN, or a text
    `arn:{partition}:ec2:{region}:{account}:vpc/{VpcId}` with fields of the item; `names` are
    JMESPath to other names by which resources point to it (id, name). `links` says which type a
    property points to, by a path through maps and lists (`"LoadBalancers.TargetGroupArn"`); several
    types are separated by a space. `region` is JMESPath over item and reads where the answer says
    in which region a resource of a global list stands. What stands in `live` are facts that no
    template property says: `resource.Live.Name`. `never` names properties that templates have and
    accounts show by others only, separated by blanks: they are known to be absent.
    """

    type: str
    calls: tuple[Call, ...]
    arn: str
    properties: Mapping[str, Mapped]
    names: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    live: Mapping[str, Mapped] = field(default_factory=dict)
    reads: tuple[Read, ...] = ()
    never: str = ""
    everywhere: bool = False  # one list for all regions
    others: tuple[Call, ...] = ()
    region: str = ""

    @property
    def service(self) -> str:
        """boto3's name of the service."""
        return self.calls[0].service

    @property
    def told(self) -> frozenset[str]:
        """Every property that the collector can tell."""
        return frozenset(self.properties).union(*(read.properties for read in self.reads))


def same(names: str) -> dict[str, Mapped]:
    """Properties that the API and CloudFormation call alike, separated by blanks."""
    return {name: name for name in names.split()}


def collectors() -> Mapping[str, Collector]:
    """Every collector by its type, in the order in which they are declared."""
    return {collector.type: collector for collector in _declared()}


def _declared() -> Iterator[Collector]:
    from analyzer.account.collectors import TABLES

    for table in TABLES:
        yield from table
