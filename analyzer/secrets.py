"""Secrets that stand in a template in clear: finding them, and keeping them out of every output.

Precision comes before reach: what is only referred to (`!Ref`, `${...}`, `{{resolve:...}}`, an
ARN) is no secret, and a name such as `PasswordPolicy` names none.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from analyzer.template import MASK, Source, has_literal_default
from analyzer.unknown import Either, Partial, Reference, Undecided, Unknown

_SHORTEST = 4  # what is shorter is masked beside its name only: as a text it stands everywhere

_PHRASE = r"pass(?:word|wd|phrase|code)|pwd"
_KEY = r"(?:api|app|private|access|auth|encryption|signing|session|stripe|webhook)[_-]?key"
_WORD = rf"{_PHRASE}|secret|token|credential|{_KEY}"
_ENDING = r"(?:[_-]?(?:access|key|base|string|value|text|default))*\d{0,3}"
_NAME = re.compile(rf".*(?:{_WORD}){_ENDING}", re.IGNORECASE)
_PASSWORD_NAME = re.compile(rf".*(?:{_PHRASE}){_ENDING}", re.IGNORECASE)
# Where a list has a map for each entry, these properties say its name (of a variable, a tag).
_NAMING = ("Name", "Key", "ParameterKey", "ParameterName", "name", "key")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{16,}={0,2}\s*")
_ASSIGNED = re.compile(
    rf"""(?P<name>(?<![\w:.-])["']?[\w.-]{{0,200}}?(?:{_WORD}){_ENDING}["']?\s*(?:=|:(?!:))\s*)"""
    r"""(?:"(?P<double>(?:[^"\\]|\\.)+)"|'(?P<single>(?:[^']|'')+)'"""
    r"""|(?P<plain>[^\s"',;{}&|<>()\[\]]++(?![(\[])))""",
    re.IGNORECASE,
)
_FLAG = r"(?:true|false|yes|no|on|off|enabled|disabled|null|none|~|required|optional)"
_TAG = r"!(?:Ref|Sub|GetAtt|ImportValue|Join|Select|FindInMap|If|Base64|Split)\b"
# How a value begins that stands for another, in the text of a template or of a script ...
_NOT_WRITTEN = re.compile(rf"{_TAG}|\$|`|\{{\{{|%|<|arn:|alias/|AWS::|{_FLAG}$", re.IGNORECASE)
# ... and where the template is read: only what AWS itself fills in later.
_REFERS = re.compile(rf"{_TAG}|\$\{{|\{{\{{|arn:|alias/|{_FLAG}$", re.IGNORECASE)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----)?", re.DOTALL
)
_SHAPES = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a Stripe key": re.compile(r"\b(?:[sr]k_(?:live|test)|whsec)_[0-9A-Za-z_*.-]{4,}"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{20,}|github_pat_\w{20,})"),
    "a Slack token": re.compile(r"\bxox[abeprs]-[0-9A-Za-z-]{10,}"),
    "a Google API key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a private key": _PRIVATE_KEY,
    "a signed token": re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"),
}
# What stands, case aside, in every text of ASCII that one of the patterns can match: most lines
# have none of it. A pattern that leaves the case aside by itself is six times slower.
_HINT = re.compile(
    r"pass|pwd|secret|token|credential|key|://|akia|asia|_live_|_test_|whsec|gh[pousr]_|github_"
    r"|xox|aiza|eyj|mysql|mariadb|curl|wget|redis-cli|docker|identified"
)
_ARGUMENT = r"""["']?(?P<password>[^\s"'|;&]+)"""
# Passwords by their place: `head` is what stands before them.
_PLACED = {
    "a password in an address": re.compile(
        r"(?P<head>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,40}://[^\s:/@]{0,200}:)(?P<password>[^\s:/@]+)(?=@)",
        re.IGNORECASE,
    ),
    "a password of an option": re.compile(
        r"(?P<head>\s--[a-z-]{0,40}?(?:pass(?:word|wd)?|pwd|token|(?:api|access|auth)-key)[ \t]+)"
        rf"(?![-|;&]){_ARGUMENT}"
    ),
    "a password of mysql": re.compile(
        rf"(?P<head>\b(?:mysql|mariadb)[\w-]*[ \t](?:[^\n|;&]{{0,200}}?[ \t])?-p){_ARGUMENT}"
    ),
    "a password of a client": re.compile(
        r"(?P<head>\b(?:curl|wget)[ \t](?:[^\n|;&]{0,200}?[ \t])?(?:-u|--user)[ \t=]*"
        r"[\"']?[^\s:\"']+:"
        r"|\bsshpass[ \t]+-p[ \t]*|\bredis-cli[ \t](?:[^\n|;&]{0,200}?[ \t])?-a[ \t]+"
        rf"|\bdocker[ \t]+login[ \t](?:[^\n|;&]{{0,200}}?[ \t])?-p[ \t]+){_ARGUMENT}"
    ),
    "a secret key of AWS": re.compile(
        rf"(?P<head>\bconfigure[ \t]+set[ \t]+\S*secret_access_key[ \t]+){_ARGUMENT}"
    ),
    "a password for chpasswd": re.compile(
        r"(?P<head>\becho[ \t]+[\"']?[\w.-]+:)(?P<password>[^\s\"'|]+)(?=[\"']?\s*\|[^\n]*chpasswd)"
    ),
    "a password in SQL": re.compile(
        r"(?P<head>\b(?:identified\s+by|password)\s+\\?['\"])(?P<password>[^'\"\\]+)", re.IGNORECASE
    ),
}


def masked(text: str, secrets: Collection[str] = ()) -> str:
    """The text without the secrets that are given, nor those that it shows itself."""
    text = _spelled(frozenset(secrets)).sub(MASK, text)
    if not _may_show_one(text):
        return text
    for shape in _SHAPES.values():
        text = shape.sub(MASK, text)
    for place in _PLACED.values():
        text = place.sub(_without_password, text)
    return _ASSIGNED.sub(_without_value, text)


def _may_show_one(text: str) -> bool:
    """Whether a text has to be looked at closely; other letters have cases of their own."""
    return not text.isascii() or _HINT.search(text.lower()) is not None


def masked_diff(diff: str, secrets: Collection[str]) -> str:
    """A diff without secrets, line by line: what is hidden in one takes no sign of another."""
    return "".join(masked(line, secrets) for line in diff.splitlines(keepends=True))


@lru_cache(maxsize=64)
def _spelled(secrets: frozenset[str]) -> re.Pattern[str]:
    """What finds the secrets as templates spell them: line by line, with or without escapes."""
    lines = {line.strip() for secret in secrets for line in secret.splitlines()}
    spelled = {
        spelling
        for text in secrets | lines
        for spelling in (text, text.replace("'", "''"), json.dumps(text)[1:-1])
        if len(spelling) >= _SHORTEST
    }
    longest_first = sorted(spelled, key=lambda spelling: (-len(spelling), spelling))
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


def secret_lines(secrets: Iterable[str], source: Source) -> Iterator[str]:
    """The lines in which a template writes those secrets that it puts together from several."""
    breaks = re.search(r"\\\r?\n", source.text) is not None
    for secret in secrets:
        # A text without blanks is only broken where its line ends with a backslash.
        if len(secret) >= _SHORTEST and (breaks or re.search(r"\s", secret)):
            spellings = (secret, json.dumps(secret)[1:-1])
            for text, lines in source.folded:
                whole = any(one in line for line in lines for one in spellings)
                if secret in text and not whole:
                    yield from lines


def _without_password(match: re.Match[str]) -> str:
    before = match[0][: match.start("password") - match.start()]
    return f"{before}{MASK}" if _places(match) else match[0]


def _places(match: re.Match[str]) -> bool:
    return match["password"] != MASK and not _NOT_WRITTEN.match(match["password"])


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
    return next(filter(None, map(_kind_in, _texts(value))), "")


def _kind_in(text: str) -> str:
    if MASK in text:
        return "a secret, masked when it was read"
    if not _may_show_one(text):
        return ""
    for kind, shape in _SHAPES.items():
        if shape.search(text):
            return kind
    for kind, place in _PLACED.items():
        if any(map(_places, place.finditer(text))):
            return kind
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
    if isinstance(value, Reference) or not value or _REFERS.match(f"{value}"):
        return ""
    return f"a value for {name}" if names_secret(name) else secret_in(value)


def shown_parameter(value: Any) -> bool:
    """Whether the value is a parameter that everyone who may describe the stack can read."""
    return isinstance(value, Unknown) and not value.secret and value.key[0] == "parameter"


def secrets_below(value: Any, name: str = "") -> Iterator[str]:
    """The literal texts, anywhere below a value, that are secrets by their name or their look.

    Of what looks like one, those that cannot be told line by line: keys and encoded texts.
    """
    if isinstance(value, dict):
        named = next((value[key] for key in _NAMING if isinstance(value.get(key), str)), "")
        for key, item in value.items():
            yield from secrets_below(item, named if key.lower().endswith("value") else key)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_below(item, name)
    elif isinstance(value, Either):
        yield from secrets_below(value.if_true, name)
        yield from secrets_below(value.if_false, name)
    elif isinstance(value, Partial):
        yield from _pieces_of(value, name)
    elif isinstance(value, str):
        if names_secret(name) and not _REFERS.match(value):
            yield value
        yield from _PRIVATE_KEY.findall(value)
        if any(map(_kind_in, _decoded(value))):
            yield value


def _pieces_of(value: Partial, name: str) -> Iterator[str]:
    """Of a text with holes only what names a password: others are built of names and addresses."""
    pieces = [part for part in value.parts if isinstance(part, str)]
    if _PASSWORD_NAME.fullmatch(name) and not _REFERS.match(value.head):
        yield from pieces
    for piece in pieces:
        yield from _PRIVATE_KEY.findall(piece)


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
