"""Plans: what is taken, in which order, with which total, and why the rest is left."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.findings import Severity
from analyzer.planning.plan import Plan, Why
from tests.planning.world import Law, World, needs, saving, sum_of

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW


def taken(plan: Plan) -> list[str]:
    """The properties that the steps set, in order."""
    return [next(iter(step.candidate.change.edits[0][1].set)) for step in plan.steps]


def why(plan: Plan) -> dict[str, Why]:
    return {finding.rule: left.why for left in plan.left for finding in left.findings}


def test_without_a_limit_everything_that_can_be_mended_is() -> None:
    plan = World((needs("A"), needs("B")), sum_of(A=5, B=70)).plan()
    assert set(taken(plan)) == {"A", "B"}
    assert plan.reached


def test_within_a_budget_the_most_severe_come_first() -> None:
    world = World((needs("High", HIGH), needs("Low", LOW)), sum_of(High=10, Low=1))
    plan = world.plan(limit=10)
    assert taken(plan) == ["High"]
    assert why(plan) == {"Low": Why.DEAR}
    assert not plan.reached


def test_a_saving_pays_for_a_fix() -> None:
    world = World((needs("A"),), sum_of(A=10, Cheap=-4))
    plan = world.plan(saving(Cheap=True), limit=6)
    assert taken(plan) == ["Cheap", "A"]
    assert [step.total for step in plan.steps] == [Decimal(-4), Decimal(6)]


def test_savings_come_first_then_fixes_by_severity_and_price() -> None:
    world = World(
        (needs("Low", LOW), needs("Dear", HIGH), needs("Cheap", HIGH), needs("Worst", CRITICAL)),
        sum_of(Low=0, Dear=9, Cheap=1, Worst=30, Little=-1, Much=-5),
    )
    plan = world.plan(saving(Little=True), saving(Much=True))
    assert taken(plan) == ["Much", "Little", "Worst", "Cheap", "Dear", "Low"]


def test_the_steps_add_up_to_the_total() -> None:
    world = World((needs("A"), needs("B")), lambda p: 10 + 3 * bool(p.get("A")) * bool(p.get("B")))
    plan = world.plan()
    assert plan.before + sum(step.usd for step in plan.steps) == plan.total == Decimal(13)


def test_prices_that_multiply_are_asked_for_together() -> None:
    """A second zone doubles what the upgrade saves: alone, it would be too dear."""

    def price(p):
        return (2 if p.get("Zones") else 1) * (1 if p.get("Upgraded") else 50)

    plan = World((needs("Zones"),), price).plan(saving("support", Upgraded=True), limit=20)
    assert set(taken(plan)) == {"Zones", "Upgraded"}
    assert plan.total == 2
    assert plan.exact


def test_what_only_three_together_cost_is_priced_together() -> None:
    world = World(
        (needs("A"), needs("B"), needs("C")),
        lambda p: 10 * bool(p.get("A")) * bool(p.get("B")) * bool(p.get("C")),
    )
    plan = world.plan(limit=5)
    assert len(plan.steps) == 2
    assert plan.total == 0
    assert plan.exact


def test_what_many_cost_together_keeps_the_limit_without_claiming_to_be_the_best() -> None:
    names = [f"N{number}" for number in range(8)]
    world = World(
        (*(needs(name) for name in names), needs("Dear", CRITICAL)),
        lambda p: 30 * all(p.get(name) for name in names) + 20 * bool(p.get("Dear")),
    )
    plan = world.plan(limit=40)
    assert plan.total <= 40
    assert not plan.exact


def test_a_saving_whose_trade_off_nobody_accepted_is_offered() -> None:
    world = World((), sum_of(Arm=-5))
    plan = world.plan(saving("arm64", Arm=True))
    assert not plan.steps
    assert [(left.why, left.usd) for left in plan.left] == [(Why.ASKS, Decimal(-5))]


def test_a_saving_whose_trade_off_is_accepted_is_taken() -> None:
    plan = World((), sum_of(Arm=-5)).plan(saving("arm64", Arm=True), accepted=frozenset({"arm64"}))
    assert taken(plan) == ["Arm"]


def test_what_the_policy_asks_for_needs_no_other_agreement() -> None:
    law = Law("Rest", lambda p: p.get("Arm") is True)
    plan = World((law,), sum_of(Arm=-5)).plan(saving("arm64", Arm=True))
    assert taken(plan) == ["Arm"]


def test_a_saving_that_breaks_a_rule_is_not_taken() -> None:
    zones = Law("Zones", lambda p: not p.get("One"))
    plan = World((zones,), sum_of(One=-30)).plan(saving("gp3", One=True))
    assert not plan.steps
    assert [(left.why, left.reason) for left in plan.left] == [(Why.BREAKS, "Zones of Thing")]


def test_a_saving_may_break_a_rule_that_does_not_count() -> None:
    zones = Law("Zones", lambda p: not p.get("One"), severity=LOW)
    plan = World((zones,), sum_of(One=-30)).plan(saving("gp3", One=True), least=MEDIUM)
    assert taken(plan) == ["One"]


def test_a_saving_that_makes_something_unknown_is_not_taken() -> None:
    law = Law("Known", lambda p: None if p.get("Odd") else True)
    assert not World((law,), sum_of(Odd=-1)).plan(saving(Odd=True)).steps


def test_what_is_not_known_counts_as_a_failure_where_it_is_asked_for() -> None:
    law = Law("Days", lambda p: True if p.get("Days") else None, {"Days": 7})
    assert not World((law,)).plan().steps
    assert World((law,)).plan(strict=True).reached


def test_what_a_waiver_covers_is_left_alone() -> None:
    from analyzer.planning.attempt import Attempts
    from analyzer.planning.making import Wanted, make_plan
    from analyzer.planning.trouble import Counting

    world = World((needs("A"), needs("B")))
    waived = Counting(forgiven=frozenset({("A", "main", "Thing", "")}))
    plan = make_plan("shop", "prod", [], Attempts(world.attempt, waived), Wanted())
    assert taken(plan) == ["B"]
    assert plan.reached


def test_what_saves_nothing_is_not_mentioned() -> None:
    plan = World((), sum_of(Gp3=0)).plan(saving(Gp3=True))
    assert plan.steps == plan.left == ()


def test_a_fix_brings_along_the_fix_of_what_it_breaks() -> None:
    key = Law("Key", lambda p: p.get("Encrypted") is True, {"Encrypted": True}, HIGH)
    rotated = Law(
        "Rotated", lambda p: not p.get("Encrypted") or p.get("Rotation"), {"Rotation": True}
    )
    plan = World((key, rotated), sum_of(Encrypted=1)).plan()
    assert plan.reached
    assert [len(step.candidate.change.edits) for step in plan.steps] == [2]


def test_a_fix_that_breaks_what_nothing_mends_is_left() -> None:
    law = Law("A", lambda p: p.get("A") is True, {"A": True})
    other = Law("B", lambda p: not p.get("A"))
    plan = World((law, other)).plan()
    assert not plan.steps
    assert why(plan) == {"A": Why.BREAKS}


def test_a_saving_names_what_it_breaks_and_not_what_mending_that_would_break() -> None:
    laws = (
        Law("First", lambda p: not p.get("Gp3") or bool(p.get("Mended")), {"Mended": True}),
        Law("Second", lambda p: not p.get("Mended")),
    )
    plan = World(laws, lambda p: 10 + sum_of(Gp3=-3)(p)).plan(saving(Gp3=True))
    (left,) = plan.left
    assert (left.why, left.reason) == (Why.BREAKS, "First of Thing")


def test_of_two_fixes_of_one_property_one_is_taken() -> None:
    seven = Law("Seven", lambda p: p.get("Days", 0) >= 7, {"Days": 7})
    thirty = Law("Thirty", lambda p: p.get("Days", 0) >= 30, {"Days": 30}, HIGH)
    plan = World((seven, thirty), lambda p: p.get("Days", 0)).plan()
    assert plan.reached
    assert plan.total == 30


def test_one_change_that_mends_two_failures_counts_once() -> None:
    one = Law("One", lambda p: p.get("A") is True, {"A": True})
    two = Law("Two", lambda p: p.get("A") is True, {"A": True})
    plan = World((one, two), sum_of(A=3)).plan()
    assert [len(step.mends) for step in plan.steps] == [2]
    assert plan.total == 3


def test_of_two_ways_the_cheaper_is_taken() -> None:
    law = Law("Safe", lambda p: p.get("Cheap") or p.get("Dear"), {"Dear": True})
    other = Law("Other", lambda p: p.get("Cheap") is True, {"Cheap": True})
    plan = World((law, other), sum_of(Cheap=1, Dear=9)).plan()
    assert taken(plan) == ["Cheap"]
    assert plan.reached


def test_what_has_no_price_is_never_taken_as_free() -> None:
    plan = World((needs("A"),), lambda p: None if p.get("A") else 0).plan()
    assert not plan.steps
    assert why(plan) == {"A": Why.NOT_PRICED}
    assert "hangs on usage" in plan.left[0].reason


def test_what_cannot_be_written_says_why() -> None:
    world = World((needs("A"),), refuses=lambda p: "comes from a macro" if p.get("A") else "")
    plan = world.plan()
    assert [(left.why, left.reason) for left in plan.left] == [
        (Why.NOT_WRITTEN, "comes from a macro")
    ]


def test_a_failure_without_a_fix_is_left() -> None:
    plan = World((Law("Password", lambda p: False),)).plan()
    assert why(plan) == {"Password": Why.NO_FIX}
    assert not plan.reached


def test_below_the_cheapest_total_the_plan_saves_what_it_can() -> None:
    world = World((needs("A"),), lambda p: 100 + 5 * bool(p.get("A")) - 4 * bool(p.get("S")))
    plan = world.plan(saving(S=True), limit=50)
    assert taken(plan) == ["S"]
    assert not plan.affordable


def test_the_front_says_what_each_total_reaches() -> None:
    plan = World((needs("A", HIGH), needs("B", LOW)), sum_of(A=5, B=2)).plan(limit=5)
    assert [(reach.total, reach.worth) for reach in plan.reach] == [
        (Decimal(0), (0, 0, 0, 0, 0)),
        (Decimal(2), (0, 0, 0, 1, 0)),
        (Decimal(5), (0, 1, 0, 0, 0)),
        (Decimal(7), (0, 1, 0, 1, 0)),
    ]


def test_a_fix_that_another_change_alters_is_taken_as_it_then_reads() -> None:
    """The fix names the version that runs: after the upgrade it must name the other one."""

    class Family(Law):
        def fix(self, properties):
            return {"Group": "new" if properties.get("Upgraded") else "old"}

    fits = Family(
        "Group", lambda p: p.get("Group") == ("new" if p.get("Upgraded") else "old"), {"Group": ""}
    )
    plan = World((fits,), sum_of(Upgraded=-9)).plan(saving("support", Upgraded=True))
    made = {k: v for s in plan.steps for _, f in s.candidate.change.edits for k, v in f.set.items()}
    assert made == {"Upgraded": True, "Group": "new"}
    assert plan.reached


def test_where_the_other_change_is_not_taken_the_fix_stays_as_it_is() -> None:
    class Family(Law):
        def fix(self, properties):
            return {"Group": "new" if properties.get("Upgraded") else "old"}

    fits = Family(
        "Group", lambda p: p.get("Group") == ("new" if p.get("Upgraded") else "old"), {"Group": ""}
    )
    plan = World((fits,), sum_of(Upgraded=9)).plan(saving("support", Upgraded=True))
    assert taken(plan) == ["Group"]


def test_a_schedule_is_a_change_of_the_profile() -> None:
    from analyzer.planning.candidate import Change
    from analyzer.planning.proposals import Proposal
    from analyzer.savings import KINDS

    world = World((), lambda p: 3 if "schedule" in p else 10)
    rest = Proposal(
        Change(schedule={"hours_per_week": 50}), "main/Thing", "rest", kind=KINDS["schedule"]
    )
    assert world.plan(rest, accepted=frozenset({"schedule"})).total == 3


NAMES = ("A", "B", "C", "D")


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Four switches, of which some are asked for; pairs of them may cost more or less together.

    Each costs or saves something: two changes that alone are free are not priced as a pair.
    """
    amounts = {name: draw(st.integers(-20, 30).filter(bool)) for name in NAMES}
    pairs = {pair: draw(st.integers(-9, 9)) for pair in combinations(NAMES, 2)}
    laws = tuple(
        needs(name, draw(st.sampled_from(list(Severity)[1:])))
        for name in NAMES
        if draw(st.booleans())
    )

    def price(properties):
        on = [name for name in NAMES if properties.get(name)]
        return sum(amounts[name] for name in on) + sum(pairs[pair] for pair in combinations(on, 2))

    return World(laws, price)


@pytest.mark.parametrize("kind", ["graviton", "support"])
def test_what_interrupts_is_in_no_safe_plan(kind: str) -> None:
    world = World(price=lambda p: 3 if p.get("Smaller") else 9)
    (step,) = world.plan(saving(kind, Smaller=True)).steps
    assert not step.candidate.safe
    plan = world.plan(saving(kind, Smaller=True), safe=True)
    assert (plan.steps, [left.why for left in plan.left]) == ((), [Why.UNSAFE])
    assert "interrupts" in plan.left[0].reason


def everything(world: World, limit: int) -> tuple[object, ...]:
    """What trying every combination of switches gives: its rank, the best first."""
    best = None
    for on in chain.from_iterable(combinations(NAMES, size) for size in range(len(NAMES) + 1)):
        properties = dict.fromkeys(on, True)
        usd = world.price(properties)
        passed = [law.severity for law in world.laws if law.holds(properties)]
        rank = (*(-passed.count(level) for level in sorted(Severity, reverse=True)), usd)
        if usd <= limit and (best is None or rank < best):
            best = rank
    return best or ()


@settings(max_examples=150)
@given(worlds(), st.integers(-20, 60))
def test_no_combination_of_changes_is_better(world: World, limit: int) -> None:
    """Every switch may be turned on alone, so that each is a candidate if it mends or saves."""
    wanted = {law.name for law in world.laws}
    alone = {name: world.price({name: True}) for name in NAMES}
    offered = [saving(**{name: True}) for name in NAMES if name not in wanted and alone[name] < 0]
    kept = {name for name in NAMES if name in wanted or alone[name] < 0}
    allowed = World(
        world.laws, lambda p: 10**6 if set(p) - kept else world.price(p)
    )  # what is no candidate by itself is in no plan
    plan = World(world.laws, world.price).plan(*offered, limit=limit)
    best = everything(allowed, limit)
    if not best:
        assert not plan.affordable
        return
    mended = [finding.severity for step in plan.steps for finding in step.mends]
    counts = tuple(-mended.count(level) for level in sorted(Severity, reverse=True))
    assert (*counts, plan.total) == best


@pytest.mark.parametrize("limit", [0, 3, 11])
def test_the_total_never_passes_the_limit_where_it_can_be_kept(limit: int) -> None:
    world = World(tuple(needs(name) for name in NAMES), sum_of(A=1, B=2, C=4, D=8))
    assert world.plan(limit=limit).total <= limit
