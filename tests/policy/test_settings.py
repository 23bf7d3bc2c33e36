"""What is said of a policy that sets what rules do not have, or to what does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.content import content
from analyzer.policy.pack import load_packs
from analyzer.policy.settings import settings_of

RULES = load_packs([content("rules")])


@pytest.mark.parametrize(
    ("policy", "message", "hint"),
    [
        ({"backup_dayz": 3}, "no rule has the setting `backup_dayz`", "`backup_days`?"),
        ({"BAK-RDS-01": {"backup_dayz": 3}}, "BAK-RDS-01 has no setting", "`backup_days`?"),
        ({"BAK-RDS-01": {"backup_days": "soon"}}, "is a whole number, not 'soon'", ""),
        ({"backup_days": "soon"}, "is a whole number, not 'soon'", ""),
    ],
)
def test_a_fault_is_named_and_a_near_name_proposed_where_the_name_is_wrong(
    policy: dict[str, Any], message: str, hint: str
) -> None:
    _, (fault,) = settings_of(policy, RULES)

    assert message in fault.message
    assert fault.hint == (f"did you mean {hint}" if hint else "")
