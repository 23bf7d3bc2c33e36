"""Where a fix is written: in the template, in a parameter's default, or in the profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.assembly import Assembled, Sources
from analyzer.findings import APPEND, Fix
from analyzer.fixes.values import (
    as_written,
    in_the_kind_of,
    parameter_text,
    path_of,
    plain,
    settings_of,
)
from analyzer.model import PropertyPath, Resource, Written
from analyzer.system import Profile, StackSpec, System
from analyzer.template import Source, read_source
from analyzer.template.editing import (
    Append,
    Change,
    Put,
    Remove,
    UnfitError,
    is_function,
    same,
    value_at,
)

TEMPLATE = "template"
DEFAULT = "parameter default"
PROFILE = "profile"
_NO_VALUE = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True, slots=True)
class Placed:
    """One change of one document, and what kind of place that is."""

    where: str
    file: str
    change: Change


@dataclass(frozen=True)
class Places:
    """Finds where the fixes of one profile are written."""

    system: System
    profile: Profile
    assembled: Assembled
    sources: Sources

    def of(self, resource: Resource, fix: Fix) -> Iterator[Placed]:
        """Every change that a fix needs. Raises `UnfitError` with the reason where there is none.

        What is taken out of lists comes last, from their ends.
        """
        yield from self._settings(resource, fix.set)
        # Each is put right behind the type: the last one first keeps their order.
        for name, text in reversed(tuple(fix.attributes.items())):
            (place,) = _usable(resource.written())
            yield Placed(TEMPLATE, place.file, Put((*place.path, name), text, behind="Type"))
        gone = [one for name in fix.remove for one in self._removed(resource, path_of(name))]
        for key, values in fix.elsewhere.items():
            other = self._other(key)
            yield from self._settings(other, {n: v for n, v in values.items() if v is not None})
            for name in (name for name, value in values.items() if value is None):
                gone.extend(self._removed(other, path_of(name)))
        for name, added in fix.add.items():
            yield self._added(resource, name, plain(added, resource.stack))
        yield from sorted(gone, key=_from_the_end, reverse=True)

    def _other(self, key: str) -> Resource:
        found = self.assembled.inventory.resources.get(key)
        if found is None:
            raise UnfitError(f"`{key}` is no resource of this profile")
        return found

    def source(self, file: str) -> Source:
        """A document that the profile was read from."""
        if file not in self.sources:
            self.sources[file] = read_source(file)
        return self.sources[file]

    def own_parameters(self, file: str) -> list[str]:
        """The parameters of a stack's template that no profile and no caller gives."""
        specs = [spec for profile in self.system.profiles for spec in profile.stacks]
        if not any(f"{spec.template}" == file for spec in specs):
            return []
        given = {name for spec in specs for name in spec.parameters}
        given |= {name for profile in self.system.profiles for name in profile.offered}
        return [name for name in self._section(file, "Parameters") if name not in given]

    def _settings(self, resource: Resource, values: Mapping[str, Any]) -> Iterator[Placed]:
        for path, value in settings_of(values, resource.stack):
            if path[-1:] == (APPEND,):
                yield from self._appended(resource, path[:-1], value)
            else:
                yield from self._set(resource, path, value)

    def _appended(self, resource: Resource, path: PropertyPath, value: Any) -> Iterator[Placed]:
        items = tuple(value) if isinstance(value, list) else (value,)
        for place in _usable(resource.written(path)):
            here = value_at(self.source(place.file).data, place.path)
            where = (*place.path, *place.missing)
            if here == _NO_VALUE:
                yield Placed(TEMPLATE, place.file, Put(place.path, [] if not place.missing else {}))
            yield Placed(TEMPLATE, place.file, Append(where, items))

    def _set(self, resource: Resource, path: PropertyPath, value: Any) -> Iterator[Placed]:
        places = _usable(resource.written(path))
        if _opens(value) and all(map(self._is_open, places)):
            # What is merged into a structure may come from a parameter, piece by piece.
            for name, item in value.items():
                yield from self._set(resource, (*path, name), item)
            return
        for place in places:
            here = value_at(self.source(place.file).data, place.path)
            if place.missing:
                if here == _NO_VALUE:
                    yield Placed(TEMPLATE, place.file, Put(place.path, {}))
                where = _ends(place, here)
                yield Placed(TEMPLATE, place.file, Put(where, value))
            elif (redirected := self._redirected(resource, place, here, value)) is not None:
                yield redirected
            else:
                new = in_the_kind_of(value, here)
                yield Placed(TEMPLATE, place.file, Put(self._joined(place, new, places), new))

    def _joined(self, place: Written, value: Any, places: Iterable[Written]) -> PropertyPath:
        """Where a value is put: in the place of a whole `Fn::If` that would give it either way.

        A condition that nothing else asks stays asked.
        """
        *above, function, branch = place.path
        if function != "Fn::If" or not isinstance(branch, int):
            return place.path
        data = self.source(place.file).data
        condition, *branches = value_at(data, (*above, function))
        other = (*above, function, 3 - branch)
        set_too = any(one.path == other and not one.missing for one in places)
        alike = set_too or same(branches[2 - branch], value)
        if alike and sum(name == condition for name in _asked(data)) > 1:
            return tuple(above)
        return place.path

    def _is_open(self, place: Written) -> bool:
        """Whether a structure is written there, into which another one can be merged."""
        return not place.missing and _opens(value_at(self.source(place.file).data, place.path))

    def _redirected(
        self, resource: Resource, place: Written, here: Any, value: Any
    ) -> Placed | None:
        """The change where the value comes from, if it comes from a parameter or a mapping."""
        if isinstance(value, dict) or not is_function(here):
            return None
        ((function, argument),) = here.items()
        parameters = self._section(place.file, "Parameters")
        name = _variable(function, argument)
        if name in parameters:
            return self._given(resource, place.file, name, parameters[name], value)
        if function == "Fn::FindInMap":
            return self._mapped(resource, place.file, argument, value)
        return None

    def _section(self, file: str, name: str) -> Mapping[str, Any]:
        section = self.source(file).data.get(name)
        return section if isinstance(section, dict) else {}

    def _given(
        self, resource: Resource, file: str, name: str, declaration: Any, value: Any
    ) -> Placed:
        """The change of a parameter, where it is given."""
        text = parameter_text(name, declaration, value)
        parent, _, nested = resource.stack.rpartition("/")
        if parent:
            return self._given_by_parent(f"{parent}/{nested}", file, name, text)
        spec = next(spec for spec in self.profile.stacks if spec.name == resource.stack)
        if self.system.file:
            return self._in_profile(spec, file, name, text)
        if name in {**self.profile.offered, **spec.parameters}:
            raise UnfitError(f"parameter `{name}` is given when assay is called: change it there")
        return self._by_default(file, name, text)

    def _given_by_parent(self, key: str, file: str, name: str, text: str) -> Placed:
        parent = self.assembled.inventory.resources.get(key)
        given = parent.properties.get("Parameters") if parent is not None else None
        if parent is None or not isinstance(given, dict) or name not in given:
            return self._by_default(file, name, text)
        (placed,) = self._set(parent, ("Parameters", name), text)
        return placed

    def _in_profile(self, spec: StackSpec, file: str, name: str, text: str) -> Placed:
        own = ("profiles", self.profile.name, "parameters", name)
        for path in (
            ("profiles", self.profile.name, "stack_parameters", spec.name, name),
            ("stacks", spec.name, "parameters", name),
            own,
        ):
            old = _value(self.source(self.system.file).data, path)
            if old is not None:
                return Placed(PROFILE, self.system.file, Put(path, as_written(text, old)))
        if _value(self.source(file).data, ("Parameters", name, "Default")) is not None:
            return self._by_default(file, name, text)
        return Placed(PROFILE, self.system.file, Put(own, as_written(text, None)))

    def _by_default(self, file: str, name: str, text: str) -> Placed:
        path = ("Parameters", name, "Default")
        old = _value(self.source(file).data, path)
        if old is None:
            raise UnfitError(f"parameter `{name}` has neither a value nor a default")
        return Placed(DEFAULT, file, Put(path, as_written(text, old)))

    def _mapped(self, resource: Resource, file: str, argument: Any, value: Any) -> Placed:
        """The entry of a mapping, where nothing else takes its value from there."""
        if not isinstance(argument, list) or len(argument) != 3:  # noqa: PLR2004 - map and two keys
            raise UnfitError("its value is looked up in a mapping, or is a default")
        names = [self._key(resource, key) for key in argument]
        data = self.source(file).data
        path = ("Mappings", *names)
        if _value(data, path) is None:
            raise UnfitError("its value is looked up in a mapping by a key that is not known")
        if sum(_looks_up(use, argument) for use in _lookups(data)) != 1:
            raise UnfitError(f"the mapping `{names[0]}` gives this value to other properties too")
        return Placed(TEMPLATE, file, Put(path, in_the_kind_of(value, _value(data, path))))

    def _key(self, resource: Resource, key: Any) -> str:
        if not isinstance(key, dict):
            return f"{key}"
        stack = self.assembled.stacks.get(resource.stack)
        name = _variable(*next(iter(key.items()))) if is_function(key) else ""
        if name == "AWS::Region":
            return resource.region
        return stack.parameters.get(name, "") if stack is not None else ""

    def _added(self, resource: Resource, name: str, body: Any) -> Placed:
        """A new resource, under the condition of the one that it is for."""
        (place,) = _usable(resource.written())
        stated = value_at(self.source(place.file).data, place.path)
        condition = stated.get("Condition")
        if isinstance(condition, str) and "Condition" not in body:
            type_ = body.get("Type")
            body = {"Type": type_, "Condition": condition, **body}
        return Placed(TEMPLATE, place.file, Put(("Resources", name), body))

    def _removed(self, resource: Resource, path: PropertyPath) -> Iterator[Placed]:
        for place in _usable(resource.written(path)):
            if place.missing:
                continue
            if "Fn::If" in place.path[-2:-1]:
                yield Placed(TEMPLATE, place.file, Put(place.path, _NO_VALUE))
            else:
                yield Placed(TEMPLATE, place.file, Remove(place.path))


def _usable(places: tuple[Written, ...]) -> tuple[Written, ...]:
    if not places:
        raise UnfitError("no template: set it in the account")
    for place in places:
        if place.obstacle:
            raise UnfitError(place.obstacle)
    return places


def _opens(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and not is_function(value)


def _ends(place: Written, here: Any) -> PropertyPath:
    """The path of what is missing; an item that a list does not have is put at its end."""
    first, *rest = place.missing
    if isinstance(first, int) and isinstance(here, list):
        first = len(here)
    return (*place.path, first, *rest)


def _variable(function: str, argument: Any) -> str:
    """The name that a function gives the value of, and of nothing else; "" for none."""
    if function == "Ref" and isinstance(argument, str):
        return argument
    if function == "Fn::Sub" and isinstance(argument, str) and argument.startswith("${"):
        name = argument.removeprefix("${").removesuffix("}")
        return name if f"${{{name}}}" == argument else ""
    return ""


def _value(data: Any, path: PropertyPath) -> Any:
    """What stands at a path; None where nothing does."""
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return None
        data = data[part]
    return data


def _lookups(data: Any) -> Iterator[list[Any]]:
    """The arguments of every look-up in a mapping."""
    if isinstance(data, dict):
        for key, item in data.items():
            if key == "Fn::FindInMap" and isinstance(item, list):
                yield item
            yield from _lookups(item)
    elif isinstance(data, list):
        for item in data:
            yield from _lookups(item)


def _asked(data: Any) -> Iterator[Any]:
    """The name of a condition for each time that it is asked."""
    if isinstance(data, dict):
        for key, item in data.items():
            if key == "Condition" and isinstance(item, str):
                yield item
            elif key == "Fn::If" and isinstance(item, list) and item:
                yield item[0]
            yield from _asked(item)
    elif isinstance(data, list):
        for item in data:
            yield from _asked(item)


def _looks_up(use: list[Any], argument: list[Any]) -> bool:
    """Whether a look-up may give the same value as another one."""
    same = zip(use, argument, strict=False)
    return all(one == other or not isinstance(one, str) for one, other in same)


def _from_the_end(placed: Placed) -> tuple[str, list[tuple[bool, Any]]]:
    return placed.file, [(isinstance(part, int), part) for part in placed.change.path]
