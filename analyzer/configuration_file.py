"""assay.yaml: what a repository asks of assay, and what it waives."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from analyzer.configuration import Configuration
from analyzer.documents import read_document
from analyzer.findings import Waiver
from analyzer.policy.waivers import Grant

Names = Annotated[
    list[str], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WaiverPart(_Part):
    """A failure that somebody answers for."""

    rule: str = Field(description="rule id; globs allowed")
    resource: str = Field(default="*", description="logical id or stack/id; globs allowed")
    systems: Names = Field(default=[], alias="system")
    profiles: Names = Field(default=[], alias="profile")
    reason: str = ""
    owner: str = ""
    until: date | None = None


class EnginesPart(_Part):
    """The foreign checkers."""

    checkov: str = Field(default="", description="checkov's executable")
    checkov_config: str = ""
    cfn_lint_config: str = ""
    seconds: float = Field(default=600, gt=0)


class ConfigurationFile(_Part):
    """The file as it is written."""

    packs: list[str] = Field(default=[], description="rule packs; loaded with --trust-packs only")
    policy: dict[str, Any] = Field(default={}, description="thresholds, for all profiles")
    engines: EnginesPart = EnginesPart()
    waivers: list[WaiverPart] = []


def read_configuration(path: Path) -> Configuration:
    """The configuration of a file; of comments alone, the defaults.

    Raises `InputError` with file and line.
    """
    from analyzer.engines import EngineSettings

    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    if all(line.lstrip()[:1] in ("", "#") for line in lines):
        return Configuration(file=str(path))
    written, source = read_document(path, ConfigurationFile)
    grants = [
        Grant(
            Waiver(
                rule=part.rule,
                resource=part.resource,
                reason=part.reason,
                owner=part.owner,
                until=part.until,
                location=source.locate(("waivers", position)),
            ),
            systems=tuple(part.systems),
            profiles=tuple(part.profiles),
        )
        for position, part in enumerate(written.waivers)
    ]
    return Configuration(
        file=str(path),
        packs=tuple(path.parent / pack for pack in written.packs),
        policy=written.policy,
        engines=EngineSettings(**written.engines.model_dump()).within(path.parent),
        grants=tuple(grants),
        locate=source.locate,
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of the file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ConfigurationFile.model_json_schema(mode="validation"),
        "title": "assay.yaml",
    }
