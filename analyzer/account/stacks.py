"""Which physical ids the resources of a deployed stack have."""

from __future__ import annotations

from analyzer.account.failures import failure_of
from analyzer.account.sessions import Clients
from analyzer.errors import AccessError


def physical_ids(clients: Clients, region: str, name: str) -> dict[str, str]:
    """The physical id by logical id, from CloudFormation. Raises `AccessError`."""
    paginator = clients.of("cloudformation", region).get_paginator("list_stack_resources")
    try:
        found = [
            resource
            for page in paginator.paginate(StackName=name)
            for resource in page["StackResourceSummaries"]
        ]
    except Exception as error:
        failure = failure_of("cloudformation:ListStackResources", error)
        raise AccessError(
            f"the stack '{name}' in {region} cannot be read: {failure}",
            hint="name it with --stack, or give the physical ids with --ids",
        ) from error
    return {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in found
        if resource.get("PhysicalResourceId")
    }
