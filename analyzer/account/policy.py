"""The least IAM policy that permits a plan."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any


def minimal_policy(actions: Iterable[str]) -> dict[str, Any]:
    """A policy that permits exactly these actions, one statement a service, sorted.

    The resource is `*`: most list and describe actions take no other, and an audit that names its
    resources would not see those that it does not know of.
    """
    statements = [
        {
            "Sid": "Read" + "".join(word.title() for word in prefix.split("-")),
            "Effect": "Allow",
            "Action": list(group),
            "Resource": "*",
        }
        for prefix, group in groupby(sorted(set(actions)), key=lambda name: name.partition(":")[0])
    ]
    return {"Version": "2012-10-17", "Statement": statements}
