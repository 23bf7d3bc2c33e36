"""The table of CloudFormation's functions, and those that look something up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from analyzer.template.arguments import arguments
from analyzer.template.branches import either, lift
from analyzer.template.lists import LIST_FUNCTIONS
from analyzer.template.mappings import find_in_map
from analyzer.template.problem import Problem
from analyzer.template.texts import TEXT_FUNCTIONS, as_text
from analyzer.unknown import Unknown

if TYPE_CHECKING:
    from analyzer.template.resolver import Resolver


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
    if not isinstance(argument, list) or not argument[1:]:
        raise Problem(
            "`Fn::GetAtt` needs a resource and an attribute", "write `Resource.Attribute`"
        )
    parts = [resolver.argument(argument, index) for index in range(len(argument))]
    if isinstance(parts[0], str) and all(isinstance(part, str) for part in parts):
        return resolver.attribute(parts[0], ".".join(parts[1:]))
    return Unknown("an attribute", "has a name that is not known", key=("getatt", f"{parts}"))


def if_function(resolver: Resolver, argument: Any) -> Any:
    """`Fn::If`: one of two values, by a condition."""
    stated = arguments("Fn::If", argument, 3, 3)
    try:
        condition = resolver.conditions.named(stated[0])
    except Problem as problem:
        raise problem.within(0) from None
    if condition is True:
        return resolver.argument(stated, 1)
    if condition is False:
        return resolver.argument(stated, 2)
    # What only one branch needs is no dependency that could close a circle.
    with resolver.unnoted():
        return either(condition, resolver.argument(stated, 1), resolver.argument(stated, 2))


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
        return (
            decision
            if isinstance(decision, bool)
            else either(decision, if_true=True, if_false=False)
        )

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
