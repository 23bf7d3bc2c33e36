"""assay.yaml and waivers.yaml: what a repository asks of assay, and what it waives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from analyzer.configuration import FILE_NAME, WAIVERS_NAME, Configuration
from analyzer.documents import read_document
from analyzer.findings import Waiver
from analyzer.policy.waivers import LONGEST, Grant

if TYPE_CHECKING:
    from analyzer.template.source import Source

Names = Annotated[
    list[str],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _strictly(schema: dict[str, Any]) -> None:
    """What a waiver must say to count; one that does not is reported, and the others stand."""
    schema["required"] = ["rule", "reason", "until"]
    schema["properties"]["reason"] = {"type": "string", "pattern": r"\S"}
    schema["properties"]["until"] = {"type": "string", "format": "date"}


class InlineWaiver(_Part):
    """A failure of the resource beside it that somebody answers for."""

    model_config = ConfigDict(json_schema_extra=_strictly)

    rule: str = Field(description="rule id; globs allowed")
    reason: str = ""
    owner: str = ""
    until: date | None = None


class WaiverPart(InlineWaiver):
    """A failure that somebody answers for."""

    resource: str = Field(default="*", description="logical id or stack/id; globs allowed")
    systems: Names = Field(default=[], alias="system")
    profiles: Names = Field(default=[], alias="profile")


class EnginesPart(_Part):
    """The foreign checkers."""

    checkov: str = Field(default="", description="checkov's executable")
    checkov_config: str = ""
    cfn_lint_config: str = ""
    seconds: float = Field(default=600, gt=0)


class WaiversFile(_Part):
    """A list of waivers in a file of its own."""

    waivers: list[WaiverPart]


class ConfigurationFile(_Part):
    """The file as it is written."""

    packs: list[str] = Field(default=[], description="rule packs; loaded with --trust-packs only")
    policy: dict[str, Any] = Field(default={}, description="thresholds, for all profiles")
    engines: EnginesPart = EnginesPart()
    waivers: list[WaiverPart] = []
    waiver_days: int = Field(
        default=LONGEST, ge=1, description="days that a waiver may reach ahead"
    )


def read_configuration(path: Path) -> Configuration:
    """The configuration of a file, with the waivers.yaml beside it.

    A file of comments alone asks for the defaults. Raises `InputError` with file and line.
    """
    from analyzer.engines import EngineSettings

    grants = _beside(path)
    if path.name == WAIVERS_NAME or _is_blank(path):
        return Configuration(file=str(path), grants=grants)
    written, source = read_document(path, ConfigurationFile)
    return Configuration(
        file=str(path),
        packs=tuple(path.parent / pack for pack in written.packs),
        policy=written.policy,
        engines=EngineSettings(**written.engines.model_dump()).within(path.parent),
        grants=(*_grants(written.waivers, source), *grants),
        waiver_days=written.waiver_days,
        locate=source.locate,
    )


def _beside(path: Path) -> tuple[Grant, ...]:
    file = path.parent / WAIVERS_NAME
    if not file.is_file() or _is_blank(file):
        return ()
    written, source = read_document(file, WaiversFile)
    return _grants(written.waivers, source)


def _is_blank(path: Path) -> bool:
    """Whether a file holds comments alone."""
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    return all(line.lstrip()[:1] in ("", "#") for line in lines)


def _grants(waivers: Sequence[WaiverPart], source: Source) -> tuple[Grant, ...]:
    return tuple(
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
        for position, part in enumerate(waivers)
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of assay.yaml, for editors."""
    return _titled(FILE_NAME, ConfigurationFile.model_json_schema(mode="validation"))


def waivers_schema() -> dict[str, Any]:
    """The JSON Schema of waivers.yaml; `$defs/Metadata` is what stands beside a resource."""
    made = _titled(WAIVERS_NAME, WaiversFile.model_json_schema(mode="validation"))
    made["$defs"]["Metadata"] = {
        "description": "What a resource's Metadata has under `assay`.",
        "type": "object",
        "properties": {"waivers": {"type": "array", "items": InlineWaiver.model_json_schema()}},
        "required": ["waivers"],
    }
    return made


def _titled(title: str, made: Mapping[str, Any]) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": title}
