"""What AWS says of the resources that an action may concern, asked afresh each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analyzer.account.failures import failure_of
from analyzer.errors import AccessError


def databases(rds: Any, names: tuple[str, ...], tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """The database instances of these names and tags; all where none is named."""
    found = list(_paged(rds, "describe_db_instances", "DBInstances"))
    return [
        db
        for db in found
        if (not names or db["DBInstanceIdentifier"] in names)
        and _tagged(db.get("TagList", ()), tags)
    ]


def snapshots(rds: Any) -> list[dict[str, Any]]:
    """Every manual snapshot of a database instance."""
    return list(_paged(rds, "describe_db_snapshots", "DBSnapshots", SnapshotType="manual"))


def shared(rds: Any, snapshots: list[dict[str, Any]]) -> list[str]:
    """Those of the snapshots that other accounts may restore."""
    found = []
    for one in snapshots:
        name = one["DBSnapshotIdentifier"]
        try:
            answer = rds.describe_db_snapshot_attributes(DBSnapshotIdentifier=name)
        except Exception as error:
            raise _refused("rds:DescribeDBSnapshotAttributes", error) from error
        result = answer["DBSnapshotAttributesResult"]
        if any(
            attribute["AttributeName"] == "restore" and attribute.get("AttributeValues")
            for attribute in result.get("DBSnapshotAttributes", ())
        ):
            found.append(name)
    return found


def servers(ec2: Any, names: tuple[str, ...], tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """The servers of these ids and tags."""
    filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in tags.items()]
    pages = _paged(ec2, "describe_instances", "Reservations", Filters=filters)
    found = [server for reservation in pages for server in reservation["Instances"]]
    return [server for server in found if not names or server["InstanceId"] in names]


def _tagged(tags: Any, wanted: Mapping[str, str]) -> bool:
    found = {tag["Key"]: tag.get("Value", "") for tag in tags}
    return all(found.get(key) == value for key, value in wanted.items())


def _paged(client: Any, method: str, items: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    try:
        for page in client.get_paginator(method).paginate(**parameters):
            yield from page[items]
    except Exception as error:
        operation = client.meta.method_to_api_mapping[method]
        raise _refused(f"{client.meta.service_model.service_name}:{operation}", error) from error


def _refused(call: str, error: Exception) -> AccessError:
    return AccessError(f"{failure_of(call, error)}", hint="nothing was changed")
