"""A change is judged by what the base states, and by what it adds to that."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from analyzer.compare.policy import judged_by, notes, waivers_added, with_policy_of
from analyzer.compare.renaming import renames_of
from analyzer.configuration import Configuration
from analyzer.cost.declared import Currency
from analyzer.findings import Waiver
from analyzer.policy.waivers import Grant
from analyzer.system import Ceiling, Intent, Profile, System


def system(**said: Any) -> System:
    return System("shop", said.pop("profiles", (Profile("prod", ()),)), **said)


def intent(*targets: str, kind: str = "deny", id_: str = "SHOP-01", reason: str = "") -> Intent:
    return Intent(id_, kind, ("internet",), targets, reason=reason)


def test_thresholds_and_budgets_are_the_bases() -> None:
    base = Profile("prod", (), policy={"days": 7}, budget=(Decimal(10), "USD"))
    head = Profile("prod", (), policy={"days": 1}, budget=(Decimal(99), "USD"))
    (found,) = judged_by(system(profiles=(head,)), system(profiles=(base,))).profiles
    assert (found.policy, found.budget) == (base.policy, base.budget)


def test_budgets_are_held_at_the_bases_rate() -> None:
    stated = (Profile("prod", (), budget=(Decimal(100), "EUR")),)
    base, head = (
        system(profiles=stated, currency=Currency("EUR", Decimal(rate))) for rate in ("1.2", "100")
    )
    (found,) = judged_by(head, base).profiles
    assert found.currency == base.currency
    assert [p.message for p in notes([(head, base)], Configuration(), Configuration())] == [
        "has another currency or rate than the base"
    ]


def test_a_trusted_changes_budgets_are_held_at_its_own_rate() -> None:
    euros = Currency("EUR", Decimal("1.2"))
    stated = (Profile("prod", (), budget=(Decimal(100), "EUR")),)
    (found,) = with_policy_of(system(), system(profiles=stated, currency=euros)).profiles
    assert (found.budget, found.currency) == (stated[0].budget, euros)


def test_a_new_profile_has_no_thresholds_of_its_own() -> None:
    head = (Profile("prod", ()), Profile("new", (), policy={"days": 1}))
    found = judged_by(system(profiles=head), system()).profiles
    assert [profile.policy for profile in found] == [{}, {}]


def test_an_intent_that_the_change_drops_is_judged_still() -> None:
    assert judged_by(system(), system(intents=(intent("Db"),))).intents == (intent("Db"),)


def test_an_intent_that_the_change_adds_is_judged_too() -> None:
    own = intent("Cache", id_="SHOP-02")
    found = judged_by(system(intents=(intent("Db"), own)), system(intents=(intent("Db"),)))
    assert found.intents == (intent("Db"), own)


def test_another_reason_makes_no_other_intent() -> None:
    base = system(intents=(intent("Db"),))
    assert judged_by(system(intents=(intent("Db", reason="so"),)), base).intents == base.intents


def test_a_tier_that_the_change_narrows_keeps_its_meaning_for_the_base() -> None:
    said = (intent("tier data"),)
    base = system(intents=said, tiers={"data": ("Db", "Cache")})
    head = system(intents=said, tiers={"data": ("Cache",)})
    assert [i.targets for i in judged_by(head, base).intents] == [("Db", "Cache"), ("tier data",)]


RENAMES = renames_of([("main/Db", "main/Database"), ("main/Role", "core/Worker")])


@pytest.mark.parametrize(
    ("glob", "followed"),
    [
        ("Db", ("Db", "Database")),
        ("main/Db", ("main/Db", "main/Database")),
        ("D*", ("D*",)),
        ("Cache", ("Cache",)),
        ("internet", ("internet",)),
    ],
)
def test_an_intent_is_about_what_it_named_also_under_another_name(
    glob: str, followed: tuple[str, ...]
) -> None:
    base = system(intents=(intent(glob),))
    assert judged_by(system(), base, RENAMES).intents == (intent(*followed),)


def test_a_ceiling_is_about_whom_it_named_also_under_another_name() -> None:
    stated = Ceiling("C", ("Role",), ({"Resource": "${Db.Arn}/*"},))
    (found,) = judged_by(system(), system(ceilings=(stated,)), RENAMES).ceilings
    assert found.roles == ("Role", "Worker")
    assert found.statements == ({"Resource": "${Database.Arn}/*"},)


def test_what_a_change_states_of_the_same_under_its_new_name_is_not_judged_twice() -> None:
    base, head = (
        system(
            intents=(intent("tier data"),),
            tiers={"data": (database,)},
            ceilings=(Ceiling("C", (role,), ({"Resource": f"${{{database}.Arn}}"},)),),
        )
        for database, role in (("Db", "Role"), ("Database", "Worker"))
    )
    found = judged_by(head, base, RENAMES)
    assert (len(found.intents), len(found.ceilings)) == (1, 1)


def test_a_trusted_change_judges_the_base_under_its_old_names() -> None:
    head = system(intents=(intent("Database"),))
    found = with_policy_of(system(), head, RENAMES)
    assert found.intents == (intent("Database", "Db"),)


def test_ceilings_of_both_are_judged() -> None:
    strict, wide = (Ceiling("C", ("Role",), ({"Action": a},)) for a in ("s3:GetObject", "*"))
    found = judged_by(system(ceilings=(wide,)), system(ceilings=(strict,)))
    assert found.ceilings == (strict, wide)


def grant(rule: str, resource: str = "Db", reason: str = "so") -> Grant:
    return Grant(Waiver(rule, resource, reason))


def test_a_waiver_with_another_reason_is_no_new_one() -> None:
    assert waivers_added([grant("A", reason="now")], [grant("A")]) == []


def test_a_waiver_of_more_is_a_new_one() -> None:
    assert waivers_added([grant("A", "*")], [grant("A")]) == [grant("A", "*")]


def test_what_the_change_has_otherwise_is_noted() -> None:
    head = Configuration("assay.yaml", policy={"days": 1, "new": True})
    base = Configuration("assay.yaml", policy={"days": 7})
    assert [problem.message for problem in notes([], head, base)] == [
        "sets `days` to 1, the base to 7",
        "sets `new` to True, the base to nothing",
    ]


def test_that_waivers_may_last_longer_is_noted() -> None:
    head, base = Configuration(file="assay.yaml", waiver_days=365), Configuration()
    (note,) = notes([], head, base)
    assert (note.message, note.file) == ("sets waiver_days 365, the base 90", "assay.yaml")
