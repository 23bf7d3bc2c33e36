"""Secrets that stand in a template in clear: finding them, and keeping them out of every output.

Precision comes before reach: what is only referred to (`!Ref`, `${...}`, `{{resolve:...}}`, an
ARN) is no secret, and a name such as `PasswordPolicy` names none.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from analyzer.template import MASK, has_literal_default
from analyzer.unknown import Either, Partial, Reference, Undecided, Unknown

_SHORTEST = 4  # what is shorter is masked beside its name only: as a text it stands everywhere

_WORD = (
    r"pass(?:word|wd|phrase|code)|pwd|secret|token|credential|(?:api|private|access|auth)[_-]?key"
)
_ENDING = r"(?:[_-]?(?:access|key|base|string|value|text|default))*\d{0,3}"
_NAME = re.compile(rf".*(?:{_WORD}){_ENDING}", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{16,}={0,2}\s*")
_ASSIGNED = re.compile(
    rf"""(?P<name>(?<![\w:])["']?[\w.-]*?(?:{_WORD}){_ENDING}["']?\s*(?:=|:(?!:))\s*)"""
    r"""(?:"(?P<double>[^"]+)"|'(?P<single>[^']+)'|(?P<plain>[^\s"',;{}&|<>()\[\]]+))""",
    re.IGNORECASE,
)
_NOT_WRITTEN = re.compile(
    r"!|\$|\{\{|%|<|arn:|AWS::|(?:true|false|yes|no|null|none|~|required|optional)$", re.IGNORECASE
)
_SHAPES = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a Stripe key": re.compile(r"\b(?:[sr]k_(?:live|test)|whsec)_[0-9A-Za-z_*.-]{4,}"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{20,}|github_pat_\w{20,})"),
    "a Slack token": re.compile(r"\bxox[abeprs]-[0-9A-Za-z-]{10,}"),
    "a Google API key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a private key": re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----)?", re.DOTALL
    ),
    "a signed token": re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"),
}
# What stands in every text that one of the patterns can match: most lines have none of it.
_HINT = re.compile(
    r"pass|pwd|secret|token|credential|key|://|akia|asia|_live_|_test_|whsec|gh[pousr]_|github_"
    r"|xox|aiza|eyj",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(
    r"(?P<head>[a-z][a-z0-9+.-]*://[^\s:/@]*:)(?P<password>[^\s:/@]+)(?=@)", re.IGNORECASE
)


def masked(text: str, secrets: Collection[str] = ()) -> str:
    """The text without the secrets that are given, nor those that it shows itself."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, MASK)
    if _HINT.search(text) is None:
        return text
    for shape in _SHAPES.values():
        text = shape.sub(MASK, text)
    text = _IN_ADDRESS.sub(_without_password, text)
    return _ASSIGNED.sub(_without_value, text)


def _without_password(match: re.Match[str]) -> str:
    if _NOT_WRITTEN.match(match["password"]):
        return match[0]
    return f"{match['head']}{MASK}"


def _without_value(match: re.Match[str]) -> str:
    return f"{match['name']}{MASK}" if _assigns(match) else match[0]


def _assigns(match: re.Match[str]) -> bool:
    value = match["double"] or match["single"] or match["plain"] or ""
    return value != MASK and not _NOT_WRITTEN.match(value)


def secret_in(value: Any) -> str:
    """What kind of secret stands in a text, "" for none; of a text with holes, its known pieces.

    Raises `Undecided` for a text of which nothing is known.
    """
    if isinstance(value, Unknown):
        raise Undecided(value.subject, value.reason)
    for part in value.parts if isinstance(value, Partial) else ():
        if isinstance(part, Unknown) and part.secret:
            return f"the value of {part.subject}"
    for text in _texts(value):
        for kind, shape in _SHAPES.items():
            if shape.search(text):
                return kind
        if any(not _NOT_WRITTEN.match(match["password"]) for match in _IN_ADDRESS.finditer(text)):
            return "a password in an address"
        for match in _ASSIGNED.finditer(text):
            if _assigns(match):
                return "a value for " + re.sub(r"[\s\"'=:]", "", match["name"])
    return ""


@lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether a property, parameter or variable of this name holds a secret."""
    return _NAME.fullmatch(name) is not None


def written_secret(value: Any) -> bool:
    """Whether the value of a secret property stands in the template: a literal, or its default."""
    if isinstance(value, str):
        return value != ""
    return has_literal_default(value)


def secret_variable(name: str, value: Any) -> str:
    """What kind of secret an environment variable holds in clear, "" for none.

    Whoever may describe a function or a task reads its variables: also a secret that is filled in
    at deployment stands there in clear. An ARN or a reference only says where the secret is.
    """
    if isinstance(value, Unknown):
        return f"the value of {value.subject}" if value.secret or names_secret(name) else ""
    if isinstance(value, Reference) or not value or f"{value}".startswith("arn:"):
        return ""
    return f"a value for {name}" if names_secret(name) else secret_in(value)


def shown_parameter(value: Any) -> bool:
    """Whether the value is a parameter that everyone who may describe the stack can read."""
    return isinstance(value, Unknown) and not value.secret and value.key[0] == "parameter"


def secrets_below(value: Any, name: str = "") -> Iterator[str]:
    """The literal texts under names of secrets, anywhere below a value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from secrets_below(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_below(item, name)
    elif isinstance(value, str) and names_secret(name) and not _NOT_WRITTEN.match(value):
        yield value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from _decoded(value)
    elif isinstance(value, Partial):
        # A hole stands for something: an assignment to it is no literal.
        yield "".join(part if isinstance(part, str) else "${}" for part in value.parts)
    elif isinstance(value, Either):
        yield from _texts(value.if_true)
        yield from _texts(value.if_false)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield f"{key}"
            for text in _texts(item):
                yield f"{key}: {text}"
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _decoded(text: str) -> Iterator[str]:
    """What a Base64 text holds, as user data does."""
    if _BASE64.fullmatch(text):
        try:
            yield base64.b64decode(text, validate=False).decode()
        except ValueError:
            return
