"""`assay plan` of an account, from the snapshot of an audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from analyzer.audit import AuditRequest, audit, inventory_of, parts_of
from analyzer.cli import options
from analyzer.cli.auditing import saved
from analyzer.cli.planning import Asked, Made, accepted_kinds, limit_of
from analyzer.errors import UsageError
from analyzer.planning.account import AccountTrial, plan_account
from analyzer.planning.making import Wanted
from analyzer.planning.profile import surroundings
from analyzer.planning.trouble import Counting
from analyzer.policy.settings import settings_of
from analyzer.results import Problem


def plan_of_account(
    where: str,
    chosen: str | None,
    asked: Asked,
    progress: Callable[[str], None],
    *,
    packs: Sequence[Path],
    trust_packs: bool,
    configuration_file: Path | None,
    today: date,
    **_deployment: Any,
) -> Made:
    """The savings of one account of a snapshot. Raises `UsageError` where it holds several."""
    if asked.budget is not None and asked.spend is not None:
        raise UsageError("--budget and --spend both say what may be spent", hint="give one of them")
    kept = saved(where, [chosen] if chosen else [])
    if len(kept.scope.accounts) != 1:
        names = ", ".join(one.id for one in kept.scope.accounts)
        raise UsageError("a plan is for one account", hint=f"give --profile: there is {names}")
    problems: list[Problem] = []
    configuration = options.configuration_of(configuration_file, problems)
    rules, _ = options.rules_of(packs, configuration, problems, trusted=trust_packs)
    request = AuditRequest(
        snapshot=kept.snapshot,
        scope=kept.scope,
        today=today,
        rules=rules,
        configuration=configuration,
        problems=tuple(problems),
        progress=progress,
    )
    return _planned(request, asked)


def _planned(request: AuditRequest, asked: Asked) -> Made:
    result = audit(request)
    judgement = result.judgements[0]
    (account,) = request.scope.accounts
    parts, _ = parts_of(request.snapshot, request.scope, account)
    policy = request.configuration.policy
    settings, _ = settings_of(policy, request.rules)
    trial = AccountTrial(
        inventory_of(request.scope, account, parts, request.plan),
        judgement,
        request.rules,
        settings,
        request.today,
    )
    wanted = Wanted(limit_of(asked, judgement), accepted_kinds(asked), asked.safe, fixes=False)
    request.progress(f"planning {account.name or account.id}")
    around = surroundings(request.rules, policy, request.today)
    counting = Counting(asked.least, asked.strict)
    return Made(plan_account(trial, wanted, counting, around), result)
