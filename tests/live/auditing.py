from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analyzer.account.plan import plan
from analyzer.account.scan import Means, places, scan
from analyzer.account.sessions import Account, Connection
from analyzer.account.snapshot import Snapshot
from analyzer.audit import AuditRequest, audit, scope_of
from analyzer.policy.pack import load_packs
from analyzer.results import Run

ROOT = Path(__file__).parents[2]
ACCOUNT = "123456789012"
TODAY = date(2026, 11, 21)
RULES = load_packs([ROOT / "rules"])


@dataclass(frozen=True)
class Audited:
    run: Run
    snapshot: Snapshot

    def verdict(self, rule: str, resource: str) -> str:
        """The gravest verdict of a rule on the resource whose ARN ends so."""
        found = {
            finding.verdict.value
            for finding in self.run.judgements[0].findings
            if finding.rule == rule and _means(finding.resource, resource)
        }
        return next((v for v in ("FAIL", "UNKNOWN", "PASS", "SKIP") if v in found), "nothing")


def _means(arn: str, name: str) -> bool:
    return arn == name or arn.endswith((f":{name}", f"/{name}"))


def audited(
    url: str,
    folder: Path,
    rules: list[str] | None = None,
    *,
    regions: tuple[str, ...] = ("us-east-1",),
    priced: bool = False,
    role: str = "",
    max_pages: int = 1000,
    **means: object,
) -> Audited:
    chosen = {id_: RULES[id_] for id_ in rules} if rules else RULES
    planned = plan(chosen.values(), priced=priced)
    account = Account(ACCOUNT, role=role)
    snapshot = Snapshot(str(folder))
    scope = scope_of([account], {ACCOUNT: regions}, planned, "2026-11-21T00:00:00+00:00")
    snapshot.begin(scope)
    connection = Connection(endpoint_url=url, **means)
    how = Means(connection, {"*": 1000}, max_pages)
    scan(list(places(account, regions)), planned, snapshot, how)
    request = AuditRequest(snapshot, scope, TODAY, chosen, priced=priced)
    return Audited(audit(request), snapshot)
