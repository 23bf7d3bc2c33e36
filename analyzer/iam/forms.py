"""What the ARNs of the resources that an action acts on look like, as patterns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from analyzer.iam.patterns import (
    FIELD,
    ONE,
    SEGMENT,
    STAR,
    TextClass,
    expression,
    holes_in,
    overlap,
)
from analyzer.iam.service_reference import ServiceReference

NO_RESOURCE = "*"  # what a request names that acts on no resource
SOMETHING = ONE + STAR  # any text but none
_SERVICE_FIELD = 2


@lru_cache(maxsize=8192)
def form_pattern(
    form: str, partition: str = FIELD, account: str = FIELD, region: str = FIELD
) -> str:
    """The form of a resource type's ARNs as a pattern.

    A partition, region or account has no colon and a bucket's name no slash; every other part that
    is left open can be any text.
    """
    text = form.replace("${Partition}", partition).replace("${Account}", account)
    text = text.replace("${Region}", region).replace("${BucketName}", SEGMENT)
    while "${" in text:
        start = text.index("${")
        text = f"{text[:start]}{STAR}{text[text.index('}', start) + 1 :]}"
    while STAR * 2 in text:
        text = text.replace(STAR * 2, STAR)
    return text


def forms_of(
    action: str, reference: ServiceReference, partition: str = FIELD, account: str = FIELD
) -> tuple[str, ...]:
    """The resources that an action acts on, as patterns; any for one that nobody knows."""
    known = reference.action(action)
    if known is None:
        return (SOMETHING,)
    forms = [
        form_pattern(form, partition, account)
        for type_ in by_example(known.types)
        if (form := reference.arn(known.service, type_))
    ]
    # S3's types are all optional in the reference, since one of several is enough.
    if not forms or (not known.required and known.service != "s3"):
        forms.append(NO_RESOURCE)
    return tuple(dict.fromkeys(forms))


def by_example(types: Sequence[str]) -> list[str]:
    """Resource types, those first that make a better example: a bucket before its access points."""
    return sorted(types, key=lambda type_: type_.startswith("accesspoint"))


def example_of(form: str) -> str:
    """A concrete ARN of a form."""
    fields = form.split(":", 5)
    for place, text in _FILLING.items():
        if place < len(fields) and fields[place] == FIELD:
            fields[place] = text
    filled = ":".join(fields).replace(SOMETHING, "example").replace(SEGMENT, "example")
    return filled.replace(STAR, "example").replace(FIELD, "example")


def meets(form: str, pattern: str) -> bool:
    """Whether some resource of a form can match a pattern; the services of both are asked first."""
    wanted, stated = _service(form), _service(pattern)
    return (not wanted or not stated or wanted == stated) and overlap(form, pattern)


@lru_cache(maxsize=8192)
def _service(pattern: str) -> str:
    """The service that an ARN pattern names; "" where it leaves it open."""
    fields = pattern.split(":", _SERVICE_FIELD + 1)
    if len(fields) <= _SERVICE_FIELD + 1 or fields[0] != "arn":
        return ""
    head = "".join(fields[: _SERVICE_FIELD + 1])
    open_ended = STAR in head or ONE in head or FIELD in fields[_SERVICE_FIELD] or holes_in(head)
    return "" if open_ended else fields[_SERVICE_FIELD]


# What an example has where a form leaves a field of the ARN open, by the field's place.
_FILLING = {1: "aws", 3: "eu-west-1", 4: "111122223333"}


def telling(one: TextClass, form: str, patterns: Sequence[str]) -> str:
    """An example of a class that reads like an ARN, where one of the class does."""
    fields, open_fields = one.example.split(":", 5), form.split(":", 5)
    if len(fields) != len(open_fields):
        return one.example
    for place, text in _FILLING.items():
        if place < len(fields) and not fields[place] and open_fields[place] == FIELD:
            fields[place] = text
    text = ":".join(fields)
    for telling in (f"{text}example", text):
        matched = (
            1 << index
            for index, pattern in enumerate(patterns)
            if expression(pattern).fullmatch(telling)
        )
        if sum(matched) == one.matched:
            return telling
    return one.example
