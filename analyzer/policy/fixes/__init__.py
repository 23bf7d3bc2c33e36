"""Larger fixes that several rules share: small functions, each after a page of AWS's own guides.

They are called once a verdict stands, and may ask what they like: where a fix hangs on something
unknown, or cannot be named in the template, they raise `Undecided`, and there is none.
"""

from __future__ import annotations

from analyzer.policy.fixes.buckets import default_encryption, tls_only
from analyzer.policy.fixes.keys import for_logs, for_topics, key, key_arn, with_key
from analyzer.policy.fixes.mounts import mounts_by_tls
from analyzer.policy.fixes.parameters import with_parameter, with_warehouse_parameter
from analyzer.policy.fixes.values import (
    OWN_ACCOUNT,
    OWN_PRINCIPALS,
    attribute,
    entry,
    place,
    ref,
    written,
)

__all__ = [
    "OWN_ACCOUNT",
    "OWN_PRINCIPALS",
    "attribute",
    "default_encryption",
    "entry",
    "for_logs",
    "for_topics",
    "key",
    "key_arn",
    "mounts_by_tls",
    "place",
    "ref",
    "tls_only",
    "with_key",
    "with_parameter",
    "with_warehouse_parameter",
    "written",
]
