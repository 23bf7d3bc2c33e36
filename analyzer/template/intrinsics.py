"""The table of CloudFormation's functions, and those that look something up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analyzer.template.branches import either, lift
from analyzer.template.conditions import equals
from analyzer.template.lists import LIST_FUNCTIONS
from analyzer.template.problem import Problem, did_you_mean
from analyzer.template.texts import TEXT_FUNCTIONS, as_text
from analyzer.unknown import Partial, Reference, Unknown

if TYPE_CHECKING:
    from analyzer.template.resolver import Resolver

_OPEN = (Unknown, Partial, Reference)
_MAX_QUESTIONS = 16


def ref(resolver: Resolver, argument: Any) -> Any:
    """`Ref`: the value of a parameter, or the id of a resource."""
    if isinstance(argument, str):
        return resolver.reference(argument)
    name = resolver.value(argument)
    if not isinstance(name, str):
        raise Problem("`Ref` needs the name of a parameter or resource")
    return resolver.reference(name)


def get_att(resolver: Resolver, argument: Any) -> Any:
    """`Fn::GetAtt`: `Resource.Attribute`, or both in a list."""
    if isinstance(argument, str) and "." in argument:
        name, attribute = argument.split(".", 1)
        return resolver.attribute(name, attribute)
    if not isinstance(argument, list) or len(argument) < 2:
        raise Problem(
            "`Fn::GetAtt` needs a resource and an attribute", "write `Resource.Attribute`"
        )
    parts = [resolver.argument(argument, index) for index in range(len(argument))]
    if isinstance(parts[0], str) and all(isinstance(part, str) for part in parts):
        return resolver.attribute(parts[0], ".".join(parts[1:]))
    return Unknown("an attribute", "has a name that is not known", key=("getatt", f"{parts}"))


def if_function(resolver: Resolver, argument: Any) -> Any:
    """`Fn::If`: one of two values, by a condition."""
    if not isinstance(argument, list) or len(argument) != 3:
        raise Problem("`Fn::If` needs a condition and two values")
    try:
        condition = resolver.conditions.named(argument[0])
    except Problem as problem:
        raise problem.within(0) from None
    if condition is True:
        return resolver.argument(argument, 1)
    if condition is False:
        return resolver.argument(argument, 2)
    return either(condition, resolver.argument(argument, 1), resolver.argument(argument, 2))


def find_in_map(resolver: Resolver, argument: Any) -> Any:
    """`Fn::FindInMap`: a value by two keys; keys that are not known become questions."""
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        raise Problem("`Fn::FindInMap` needs the name of a mapping and two keys")
    names = [resolver.argument(argument, index) for index in range(3)]
    literal = [isinstance(name, str | int) for name in argument[:3]]
    return lift(lambda values: _found(resolver, values, literal, argument[3:]), names)


def _found(
    resolver: Resolver, names: Sequence[Any], literal: Sequence[bool], options: Sequence[Any]
) -> Any:
    mapping, top, second = names
    if not isinstance(mapping, str):
        return Unknown("a mapping", "has a name that is not known", key=("map", f"{mapping}"))
    if mapping not in resolver.mappings:
        if options:
            return _default(resolver, options)
        raise Problem(
            f"mapping `{mapping}` is not declared", did_you_mean(mapping, resolver.mappings)
        )

    def look(level: Any, keys: Sequence[Any], path: str) -> Any:
        if not keys:
            return resolver.value(level)
        if not isinstance(level, Mapping):
            raise Problem(f"mapping `{path}` is not a map")
        key = keys[0]
        if isinstance(key, _OPEN):
            return _asked(key, level, lambda name: look(level[name], keys[1:], f"{path}.{name}"))
        text = as_text(key)
        if text in level:
            return look(level[text], keys[1:], f"{path}.{text}")
        if options:
            return _default(resolver, options)
        if literal[3 - len(keys)]:
            raise Problem(f"mapping `{path}` has no key `{text}`", did_you_mean(text, level))
        resolver.notes[f"mapping `{path}` has no key `{text}`: deployment would fail here"] = None
        return Unknown(f"`{text}` in mapping `{path}`", "does not exist", key=("map", path, text))

    return look(resolver.mappings[mapping], (top, second), mapping)


def _asked(key: Any, level: Mapping[str, Any], found: Callable[[str], Any]) -> Any:
    """One question per possible key; the last needs none, since one of them it must be."""
    names = list(level)
    if isinstance(key, Unknown) and key.allowed is not None:
        names = [name for name in names if name in key.allowed] or names
    if not names or len(names) > _MAX_QUESTIONS:
        return Unknown(
            f"the value for {key}", "hangs on a key that is not known", key=("map", f"{key}")
        )
    result = found(names[-1])
    for name in reversed(names[:-1]):
        condition = equals(key, name)
        result = either(condition, found(name), result)
    return result


def _default(resolver: Resolver, options: Sequence[Any]) -> Any:
    if not isinstance(options[0], dict) or "DefaultValue" not in options[0]:
        raise Problem("`Fn::FindInMap` takes a map with DefaultValue as its fourth", path=(3,))
    return resolver.value(options[0]["DefaultValue"])


def import_value(resolver: Resolver, argument: Any) -> Any:
    """`Fn::ImportValue`: what a sibling stack exports, else unknown."""

    def imported(values: Sequence[Any]) -> Any:
        name = as_text(values[0])
        if isinstance(name, str) and resolver.context.imports is not None:
            try:
                return resolver.context.imports(name)
            except KeyError:
                pass
        return Unknown(
            f"import `{name}`",
            "is exported by a stack that was not read",
            key=("import", f"{name}"),
        )

    return lift(imported, [resolver.value(argument)])


def transform(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Transform`: what a macro or an include makes is not known."""
    name = argument.get("Name") if isinstance(argument, dict) else argument
    if not isinstance(name, str):
        raise Problem("`Fn::Transform` needs the name of a macro")
    resolver.notes[f"what the macro `{name}` adds is not known"] = None
    parameters = argument.get("Parameters") if isinstance(argument, dict) else None
    where = resolver.value(parameters) if parameters is not None else ""
    return Unknown(f"macro `{name}`", "adds what is not known", key=("macro", name, f"{where}"))


def _condition(name: str) -> Callable[[Resolver, Any], Any]:
    def function(resolver: Resolver, argument: Any) -> Any:
        decision = resolver.conditions.decide({name: argument})
        return decision if isinstance(decision, bool) else either(decision, True, False)

    return function


FUNCTIONS: dict[str, Callable[[Resolver, Any], Any]] = {
    "Ref": ref,
    "Fn::GetAtt": get_att,
    "Fn::If": if_function,
    "Fn::FindInMap": find_in_map,
    "Fn::ImportValue": import_value,
    "Fn::Transform": transform,
    **{name: _condition(name) for name in ("Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals")},
    **TEXT_FUNCTIONS,
    **LIST_FUNCTIONS,
}
