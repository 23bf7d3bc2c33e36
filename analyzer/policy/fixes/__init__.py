"""Larger fixes that several rules share: small functions, each after a page of AWS's own guides.

They are called once a verdict stands, and may ask what they like: where a fix hangs on something
unknown, or cannot be named in the template, they raise `Undecided`, and there is none.
"""

from __future__ import annotations

from analyzer.policy.fixes.backups import EVERY_DAY, selected_for_backup
from analyzer.policy.fixes.buckets import default_encryption, encrypted_by_kms, tls_only
from analyzer.policy.fixes.endpoints import with_endpoints
from analyzer.policy.fixes.firewalls import balancer_firewall, distribution_firewall
from analyzer.policy.fixes.keeping import KEPT, log_retention, outliving
from analyzer.policy.fixes.keys import for_logs, for_topics, key, key_arn, through, with_key
from analyzer.policy.fixes.mounts import BY_MOUNT_TARGET, mounts_by_tls
from analyzer.policy.fixes.networks import denied_before, with_flow_log
from analyzer.policy.fixes.origins import with_access_control
from analyzer.policy.fixes.parameters import with_parameter, with_warehouse_parameter
from analyzer.policy.fixes.private import (
    elsewhere_without_public,
    private_in_zone_of,
    without_address,
    without_public,
)
from analyzer.policy.fixes.servers import AGENT_POLICY, with_managed_profile, without_handed_address
from analyzer.policy.fixes.statements import for_own_account, own_account_only, without_actions
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
    "AGENT_POLICY",
    "BY_MOUNT_TARGET",
    "EVERY_DAY",
    "KEPT",
    "OWN_ACCOUNT",
    "OWN_PRINCIPALS",
    "attribute",
    "balancer_attribute",
    "balancer_firewall",
    "default_encryption",
    "denied_before",
    "distribution_firewall",
    "elsewhere_without_public",
    "encrypted_by_kms",
    "entry",
    "for_logs",
    "for_own_account",
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
    "own_account_only",
    "place",
    "private_in_zone_of",
    "ref",
    "second_member",
    "selected_for_backup",
    "through",
    "tls_only",
    "with_access_control",
    "with_endpoints",
    "with_flow_log",
    "with_key",
    "with_managed_profile",
    "with_parameter",
    "with_warehouse_parameter",
    "without_actions",
    "without_address",
    "without_handed_address",
    "without_public",
    "written",
]
