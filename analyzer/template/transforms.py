"""Macros that process a whole template: SAM is applied, AWS's others are known, the rest noted."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.template.context import StackContext
from analyzer.template.problem import Problem

SAM = "AWS::Serverless-2016-10-31"

# Macros of AWS that leave what the template states as it is.
_HARMLESS = {
    "AWS::LanguageExtensions",
    "AWS::CodeDeployBlueGreen",
    "AWS::CodeStar",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::ServiceCatalog",
    SAM,
}
# Properties that name local files until the template is packaged.
_PACKAGED = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::Api": "DefinitionUri",
    "AWS::Serverless::HttpApi": "DefinitionUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
    "AWS::Serverless::GraphQLApi": "SchemaUri",
}
_PLACEHOLDER = "s3://not-packaged/file"


def unknown_macros(names: list[str]) -> list[str]:
    """The macros of which it is not known what they do."""
    return [name for name in names if name not in _HARMLESS]


@dataclass(frozen=True, slots=True)
class _Session:
    """What the SAM translator asks of a boto3 session."""

    region_name: str


def translated(
    data: Mapping[str, Any], parameters: Mapping[str, str], context: StackContext
) -> dict[str, Any]:
    """A SAM template as CloudFormation; no network, no credentials.

    Raises Problem where SAM refuses the template, or the translator is not installed.
    """
    try:
        from samtranslator.model.exceptions import ExceptionWithMessage
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
    except ImportError:
        raise Problem(
            "is a SAM template, and the SAM translator is not installed",
            "pip install aws-sam-translator",
            ("Transform",),
        ) from None
    template = copy.deepcopy(dict(data))
    for resource in template["Resources"].values():
        _package(resource)
    translator = Translator(None, Parser(), boto_session=_Session(context.region))
    try:
        result: dict[str, Any] = translator.translate(template, parameter_values=dict(parameters))
    except ExceptionWithMessage as refused:
        causes = getattr(refused, "causes", [refused])
        cause = causes[0] if causes else refused
        name = getattr(cause, "_resource_logical_id", None) or getattr(cause, "_logical_id", None)
        path = ("Resources", name) if isinstance(name, str) else ("Transform",)
        raise Problem(f"is refused by SAM: {cause.message}", "", path) from None
    except Exception as error:
        raise Problem(
            f"cannot be translated by SAM ({type(error).__name__}: {error})", "", ("Transform",)
        ) from error
    finally:
        translator.metrics.publish()  # to nowhere; it would complain of what is left, at the end
    return result


def _package(resource: Any) -> None:
    """Local code has no S3 address yet, and the translator asks for one."""
    if not isinstance(resource, dict):
        return
    name = _PACKAGED.get(f"{resource.get('Type')}")
    properties = resource.setdefault("Properties", {}) if name else None
    if name is None or not isinstance(properties, dict):
        return
    value = properties.get(name)
    is_local = isinstance(value, str) and not value.startswith("s3://")
    if is_local or (value is None and name == "CodeUri" and not _has_code(properties)):
        properties[name] = _PLACEHOLDER


def _has_code(properties: Mapping[str, Any]) -> bool:
    return "InlineCode" in properties or properties.get("PackageType") == "Image"


def origin_of(name: str, written: Mapping[str, Any]) -> str:
    """The written resource that a generated one comes from: the longest that begins its name."""
    if name in written:
        return name
    candidates = [key for key in written if name.startswith(key)]
    return max(candidates, key=len, default=name)
