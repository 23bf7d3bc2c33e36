"""Larger fixes that several rules share: small functions, each after a page of AWS's own guides.

They are called once a verdict stands, and may ask what they like: where a fix hangs on something
unknown, or cannot be named in the template, they raise `Undecided`, and there is none.
"""

from __future__ import annotations

from analyzer.policy.fixes.backups import EVERY_DAY, selected_for_backup
from analyzer.policy.fixes.buckets import default_encryption, tls_only
from analyzer.policy.fixes.keeping import KEPT, log_retention, outliving
from analyzer.policy.fixes.keys import for_logs, for_topics, key, key_arn, with_key
from analyzer.policy.fixes.mounts import mounts_by_tls
from analyzer.policy.fixes.parameters import with_parameter, with_warehouse_parameter
from analyzer.policy.fixes.values import (
    OWN_ACCOUNT,
    OWN_PRINCIPALS,
    attribute,
    balancer_attribute,
    entry,
    place,
    ref,
    written,
)
from analyzer.policy.fixes.zones import (
    in_another_zone,
    mapped_in_another_zone,
    mount_targets,
    one_gateway_a_zone,
    second_member,
)

__all__ = [
    "EVERY_DAY",
    "KEPT",
    "OWN_ACCOUNT",
    "OWN_PRINCIPALS",
    "attribute",
    "balancer_attribute",
    "default_encryption",
    "entry",
    "for_logs",
    "for_topics",
    "in_another_zone",
    "key",
    "key_arn",
    "log_retention",
    "mapped_in_another_zone",
    "mount_targets",
    "mounts_by_tls",
    "one_gateway_a_zone",
    "outliving",
    "place",
    "ref",
    "second_member",
    "selected_for_backup",
    "tls_only",
    "with_key",
    "with_parameter",
    "with_warehouse_parameter",
    "written",
]
