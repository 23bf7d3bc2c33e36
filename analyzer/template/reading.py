"""One template under one profile: sections, then values, then resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from analyzer.errors import InputError
from analyzer.model import Location, PropertyPath, Resource, Written
from analyzer.template import nested
from analyzer.template.branches import merged
from analyzer.template.coerce import coerced, known_type
from analyzer.template.conditions import conjunction
from analyzer.template.context import StackContext
from analyzer.template.foreach import LOOP, LoopBudget, expanded
from analyzer.template.openmap import OpenMap
from analyzer.template.parameters import Parameters, read_parameters_section
from analyzer.template.places import Places
from analyzer.template.problem import Problem
from analyzer.template.resolver import Resolver
from analyzer.template.sections import (
    check_resource,
    circle_in,
    dependencies_of,
    sections_of,
    transforms_of,
    without_includes,
)
from analyzer.template.source import Source, read_source
from analyzer.template.stack import Stack
from analyzer.template.transforms import SAM, origin_of, translated, unknown_macros
from analyzer.template.wording import one_line
from analyzer.unknown import ABSENT, Either, Unknown

T = TypeVar("T")


def read_stack(source: Source | str | Path | tuple[str, bytes], context: StackContext) -> Stack:
    """Read a template (a path, a name with bytes, or a source that was parsed before).

    Raises InputError, with file, line and column, where the template cannot be used.
    """
    parsed = source if isinstance(source, Source) else read_source(source)
    return _read(parsed, context, ())


def _read(source: Source, context: StackContext, parents: tuple[str, ...]) -> Stack:
    try:
        return _Reading(source, context, parents).stack()
    except Problem as problem:
        raise problem.located(source) from None
    except RecursionError:
        raise InputError(
            "its functions lead too deep into one another",
            file=source.path,
            hint="is there a circle of references?",
        ) from None


class _Reading:
    """The state while one template is read."""

    def __init__(self, source: Source, context: StackContext, parents: tuple[str, ...]) -> None:
        self.source = source
        self.context = context
        self.parents = parents
        self.notes: dict[str, None] = {}
        self.origins: dict[str, PropertyPath] = {}
        self.nested: dict[str, Stack | None] = {}
        self.reading_nested: list[str] = []
        data: Mapping[str, Any] = source.data
        self.macros = transforms_of(data)
        self.open = bool(unknown_macros(self.macros))
        self.written, included = without_includes(sections_of(data, open_=self.open))
        for section, macro in included:
            self.notes[f"what the macro `{macro}` adds to {section} is not known"] = None
        self.grows = self.open or bool(included)
        self.parameters = self._parameters()
        self.loops = LoopBudget()
        self.sections = self.written
        self.resolver = self._resolver(self.sections)
        self._expand_loops()
        if SAM in self.macros:
            self._translate_sam()
        self.resolver.conditions.check()
        self.places = Places(self.resolver.conditions.named, self.resolver.value)

    def _parameters(self) -> Parameters:
        parameters = read_parameters_section(
            self.written["Parameters"],
            self.context.parameters,
            stack=self.context.name,
            all_scenarios=self.context.all_scenarios,
            locate=self.source.locate,
        )
        self.notes.update(dict.fromkeys(parameters.notes))
        return parameters

    def _resolver(self, sections: Mapping[str, Mapping[str, Any]]) -> Resolver:
        resolver = Resolver(
            self.context, self.parameters, sections, self.nested_stack, self.notes, self.loops
        )
        resolver.grows = self.grows
        return resolver

    def _expand_loops(self) -> None:
        for name in ("Conditions", "Resources", "Outputs"):
            section = self.sections[name]
            if any(key.startswith(LOOP) for key in section):
                try:
                    written_out, origins = expanded(section, self.resolver.value, self.loops)
                except Problem as problem:
                    raise problem.within(name) from None
                self.sections = {**self.sections, name: written_out}
                self.origins.update({f"{name}/{key}": path for key, path in origins.items()})
                self.resolver = self._resolver(self.sections)

    def _translate_sam(self) -> None:
        for name, declared in self.sections["Resources"].items():
            self._checked(name, declared)
        texts = {
            name: value for name, value in self.parameters.values.items() if isinstance(value, str)
        }
        data = {**self.source.data, **self.sections}
        result = translated(data, texts, self.context)
        self.sections = sections_of(result, open_=self.open)
        self.resolver = self._resolver(self.sections)

    def stack(self) -> Stack:
        """Every resource, then the outputs."""
        for macro in unknown_macros(self.macros):
            self.notes[f"macro `{macro}` may change every resource: what it adds is not known"] = (
                None
            )
        resources: list[Resource] = []
        uses: dict[str, set[str]] = {}
        for name, declared in self.sections["Resources"].items():
            self._checked(name, declared)
            resource = self._located(name, partial(self._resource, name, declared, uses))
            if resource is None:
                continue
            resources.append(resource)
            if resource.type == nested.TYPE:
                child = self.nested_stack(name)
                resources.extend(self._adopted(resource, child) if child else ())
        circle = circle_in(uses)
        if circle is not None:
            raise Problem(
                f"resources are circular: {' -> '.join(circle)}",
                "break the circle, for example with a resource of its own for one side",
                ("Resources", circle[0]),
            )
        outputs, exports = self._outputs()
        children = [stack for stack in self.nested.values() if stack is not None]
        for child in children:
            self.notes.update(dict.fromkeys(child.notes))
        return Stack(
            tuple(resources),
            outputs,
            exports,
            self.parameters.shown,
            self.parameters.secrets.union(*(child.secrets for child in children)),
            self.source,
            tuple(map(one_line, self.notes)),
        )

    def _checked(self, name: str, declared: Any) -> None:
        self._located(name, partial(check_resource, name, declared, open_=self.open))

    def _located(self, name: str, work: Callable[[], T]) -> T:
        """Run work on a resource; its problems are anchored where the resource is written."""
        try:
            return work()
        except Problem as problem:
            raise problem.anchored(*self._written_path(name)) from None

    def _written_path(self, name: str) -> PropertyPath:
        origin = self.origins.get(f"Resources/{name}")
        if origin is not None:
            return ("Resources", *origin)
        return ("Resources", origin_of(name, self.written["Resources"]))

    def _resource(
        self, name: str, declared: Mapping[str, Any], uses: dict[str, set[str]]
    ) -> Resource | None:
        condition = True
        if declared.get("Condition") is not None:
            try:
                condition = self.resolver.conditions.named(declared["Condition"])
            except Problem as problem:
                raise problem.within("Condition") from None
        if condition is False:
            return None
        self.resolver.uses = set()
        properties = self._properties(name, declared)
        uses[name] = {
            *self.resolver.uses,
            *dependencies_of(declared, self.sections["Resources"]),
        }
        kind = declared["Type"]
        if kind.startswith("AWS::") and not known_type(kind):
            self.notes[f"type `{kind}` of `{name}` is not known: no check of it is made"] = None
        return Resource(
            kind,
            name,
            coerced(kind, properties),
            stack=self.context.name,
            region=self.context.region,
            account=self.context.account,
            metadata=declared.get("Metadata") or {},
            deletion_policy=self._policy(name, declared, "DeletionPolicy"),
            update_replace_policy=self._policy(name, declared, "UpdateReplacePolicy"),
            condition=None if condition is True else condition,
            locate=self._locator(name),
            written=self._writer(name, kind),
        )

    def _properties(self, name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
        stated = declared.get("Properties")
        if stated is None:
            stated = {}
        if not isinstance(stated, dict):
            raise Problem(f"Properties of `{name}` is not a map", "", ("Properties",))
        try:
            value = merged(self.resolver.value(stated))
        except Problem as problem:
            raise problem.within("Properties") from None
        added = [
            *unknown_macros(self.macros),
            *(["Fn::Transform"] if "Fn::Transform" in declared else []),
        ]
        if isinstance(value, Unknown):
            return OpenMap({}, value)
        if value is ABSENT:
            return {}
        if not isinstance(value, dict):
            raise Problem(f"Properties of `{name}` is not a map", "", ("Properties",))
        if added:
            macro = Unknown(
                f"macro `{added[0]}`",
                "may add it",
                key=("macro", self.context.name, name, added[0]),
            )
            return OpenMap(value, macro)
        return value

    def _policy(self, name: str, declared: Mapping[str, Any], attribute: str) -> Any:
        """The policy as text; as an unknown among its choices where a condition decides."""
        stated = declared.get(attribute)
        if stated is None or isinstance(stated, str):
            return stated or ""
        try:
            value = self.resolver.value(stated)
        except Problem as problem:
            raise problem.within(attribute) from None
        if isinstance(value, str | Unknown):
            return value
        choices = [value.if_true, value.if_false] if isinstance(value, Either) else None
        texts = choices and [choice for choice in choices if isinstance(choice, str)]
        return Unknown(
            f"{attribute} of `{name}`",
            "hangs on a condition",
            key=(attribute, self.context.name, name),
            allowed=texts or None,
        )

    def _locator(self, name: str) -> Callable[[PropertyPath], Location]:
        def locate(path: PropertyPath) -> Location:
            where = self._written_path(name)
            if not path:
                return self.source.locate(where)
            stated = self._stated(where)
            return self.source.locate(
                (*where, "Properties", *self.places.written(stated.get("Properties"), path))
            )

        return locate

    def _writer(self, name: str, type_: str) -> Callable[[PropertyPath], tuple[Written, ...]]:
        def written(path: PropertyPath) -> tuple[Written, ...]:
            where = self._written_path(name)
            stated = self._stated(where)
            obstacle = self._obstacle(name, type_, stated)
            if not path:
                return (Written(self.source.path, where, (), obstacle),)
            root = (*where, "Properties")
            if "Properties" not in stated:
                return (Written(self.source.path, where, ("Properties", *path), obstacle),)
            return tuple(
                Written(self.source.path, (*root, *found), missing, obstacle)
                for found, missing in self.places.every(stated["Properties"], path)
            )

        return written

    def _obstacle(self, name: str, type_: str, stated: Mapping[str, Any]) -> str:
        """Why a resource cannot be changed where it is written; "" where it can."""
        unknown = unknown_macros(self.macros)
        if unknown:
            return f"the macro `{unknown[0]}` may make something else of it"
        if "Fn::Transform" in stated:
            return "a macro adds to it"
        if stated.get("Type") != type_:
            made_of = self._written_path(name)[-1]
            return f"it is made of `{made_of}` by a macro: change that"
        return ""

    def _stated(self, where: PropertyPath) -> Mapping[str, Any]:
        data: Any = self.source.data
        for part in where:
            if isinstance(data, dict) and part not in data:
                return {}
            data = data[part]
        return data if isinstance(data, dict) else {}

    def nested_stack(self, name: str) -> Stack | None:
        """The stack behind a nested stack's logical id, read once; None where it cannot be."""
        if name in self.nested:
            return self.nested[name]
        if name in self.reading_nested:
            circle = [*self.reading_nested[self.reading_nested.index(name) :], name]
            raise Problem(f"nested stacks are circular: {' -> '.join(circle)}", "break the circle")
        self.reading_nested.append(name)
        try:
            stack = self.nested[name] = self._located(name, partial(self._read_nested, name))
        finally:
            self.reading_nested.pop()
        return stack

    def _read_nested(self, name: str) -> Stack | None:
        declared = self.sections["Resources"][name]
        check_resource(name, declared, open_=self.open)
        with self.resolver.unnoted():
            properties = self._properties(name, declared)
        file = nested.template_file(properties, declared.get("Metadata") or {}, self.source.path)
        if file is None:
            self.notes[f"nested stack `{name}`: its template is not a local file; not read"] = None
            return None
        parents = (*self.parents, str(Path(self.source.path).resolve()))
        if str(file.resolve()) in parents or len(parents) > nested.MAX_DEPTH:
            raise Problem(
                f"nested stack `{name}` leads back to a template that it stands in",
                "break the circle",
                ("Properties", "TemplateURL"),
            )
        given = properties.get("Parameters") or {}
        context = replace(
            self.context,
            name=f"{self.context.name}/{name}",
            stack_name=f"{self.context.stack_name or self.context.name}-{name}",
            parameters=given if isinstance(given, dict) else {},
        )
        return _read(self.context.sources.get(f"{file}") or read_source(file), context, parents)

    def _adopted(self, parent: Resource, child: Stack) -> tuple[Resource, ...]:
        """The resources of a nested stack exist only where the nested stack does."""
        if parent.condition is not None:
            for resource in child.resources:
                own = True if resource.condition is None else resource.condition
                resource.condition = conjunction(parent.condition, own)
        return child.resources

    def _outputs(self) -> tuple[dict[str, Any], dict[str, Any]]:
        outputs: dict[str, Any] = {}
        exports: dict[str, Any] = {}
        for name, declared in self.sections["Outputs"].items():
            try:
                self._output(name, declared, outputs, exports)
            except Problem as problem:
                raise problem.anchored(
                    "Outputs", *self.origins.get(f"Outputs/{name}", (name,))
                ) from None
        return outputs, exports

    def _output(
        self, name: str, declared: Any, outputs: dict[str, Any], exports: dict[str, Any]
    ) -> None:
        if not isinstance(declared, dict) or "Value" not in declared:
            raise Problem(f"output `{name}` has no Value", "give it one")
        condition = declared.get("Condition")
        if condition is not None and self.resolver.conditions.named(condition) is False:
            return
        try:
            outputs[name] = self.resolver.value(declared["Value"])
        except Problem as problem:
            raise problem.within("Value") from None
        export = declared.get("Export")
        if isinstance(export, dict) and "Name" in export:
            try:
                exported = self.resolver.value(export["Name"])
            except Problem as problem:
                raise problem.within("Export", "Name") from None
            if isinstance(exported, str):
                exports[exported] = outputs[name]
