"""Plain template values to the values of one profile: every function of CloudFormation applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from analyzer.template.conditions import Conditions
from analyzer.template.context import StackContext
from analyzer.template.foreach import LOOP, LoopBudget, expanded
from analyzer.template.intrinsics import FUNCTIONS
from analyzer.template.openmap import OpenMap
from analyzer.template.parameters import Parameters
from analyzer.template.problem import Problem, did_you_mean
from analyzer.template.regions import domain_of
from analyzer.template.texts import dynamic, size
from analyzer.unknown import ABSENT, Either, Partial, Reference, Unknown

if TYPE_CHECKING:
    from analyzer.template.stack import Stack

MAX_SIZE = 50_000_000

_UNSET = object()

# Attributes that are properties of the same resource: AWS documents each as returning that value.
_PROPERTY_ATTRIBUTES = {
    ("AWS::EC2::VPC", "CidrBlock"),
    ("AWS::EC2::Subnet", "AvailabilityZone"),
    ("AWS::EC2::Subnet", "CidrBlock"),
    ("AWS::EC2::Subnet", "VpcId"),
    ("AWS::EC2::SecurityGroup", "VpcId"),
    ("AWS::EC2::Instance", "AvailabilityZone"),
    ("AWS::EC2::Volume", "AvailabilityZone"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::ECS::Service", "Name"),
}
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
_NESTED = "AWS::CloudFormation::Stack"


class Resolver:
    """The values of one stack.

    `nested` reads the stack behind a nested stack's logical id; `grows` says that a macro may add
    what the template does not state.
    """

    grows = False

    def __init__(
        self,
        context: StackContext,
        parameters: Parameters,
        sections: Mapping[str, Mapping[str, Any]],
        nested: Callable[[str], Stack | None],
        notes: dict[str, None],
        loops: LoopBudget,
    ) -> None:
        self.context = context
        self.mappings = sections["Mappings"]
        self.resources = sections["Resources"]
        self.nested = nested
        self.notes = notes
        self.loops = loops
        self.uses: set[str] = set()
        self._parameters: Mapping[str, Any] = parameters.values
        self._clear = parameters.clear
        self.conditions = Conditions(sections["Conditions"], self._operand)
        self._properties: dict[tuple[str, str], Any] = {}
        self._size = 0
        self._pseudo = _pseudo_parameters(context)

    def value(self, data: Any) -> Any:
        """The value of plain data; what is not set, or null, is `ABSENT`."""
        kind = type(data)
        if kind is str:
            return dynamic(data) if "{{resolve:" in data else data
        if kind is dict:
            if len(data) == 1:
                ((name, argument),) = data.items()
                if name == "Ref" or name.startswith("Fn::"):
                    return self._call(name, argument)
            return self._map(data)
        if kind is list:
            return self._list(data)
        return ABSENT if data is None else data

    @contextmanager
    def unnoted(self) -> Iterator[None]:
        """A context in which references are not noted as dependencies."""
        noted, self.uses = self.uses, set()
        try:
            yield
        finally:
            self.uses = noted

    def argument(self, arguments: list[Any], index: int) -> Any:
        """The value of one argument of a function."""
        try:
            return self.value(arguments[index])
        except Problem as problem:
            raise problem.within(index) from None

    def _operand(self, data: Any) -> Any:
        """The value of an operand of a condition: here secrets count like any text."""
        hidden, self._parameters = self._parameters, self._clear
        try:
            return self.value(data)
        finally:
            self._parameters = hidden

    def _call(self, name: str, argument: Any) -> Any:
        function = FUNCTIONS.get(name)
        if function is None:
            if name.startswith(LOOP):
                return self._map({name: argument})
            raise Problem(
                f"`{name}` is not a function of CloudFormation", did_you_mean(name, FUNCTIONS)
            ).within(name)
        try:
            return self._counted(function(self, argument))
        except Problem as problem:
            raise problem.within(name) from None

    def _counted(self, value: Any) -> Any:
        """The value of a function, within what all functions of a template may make."""
        self._size += size(value)
        if self._size > MAX_SIZE:
            raise Problem(f"functions make more than {MAX_SIZE:,} characters")
        return value

    def _map(self, data: dict[str, Any]) -> Any:
        result: dict[str, Any] = {}
        key = ""
        try:
            for key, item in data.items():
                if key.startswith("Fn::"):
                    return self._mixed(data)
                value = self.value(item)
                if value is not ABSENT:
                    result[key] = value
                elif item is None:
                    self.notes[f"`{key}` is null: CloudFormation refuses it; read as not set"] = (
                        None
                    )
        except Problem as problem:
            raise problem.within(key) from None
        return result

    def _mixed(self, data: dict[str, Any]) -> Any:
        """A map with loops, or with what a macro adds, beside its own keys."""
        plain = {key: item for key, item in data.items() if not key.startswith("Fn::")}
        loops = [key for key in data if key.startswith(LOOP)]
        others = [key for key in data if key not in plain and key not in loops]
        for name in others:
            if name != "Fn::Transform":
                raise Problem(
                    f"`{name}` stands beside other keys", "a function is the only key of its map"
                )
        if loops:
            stated = {**plain, **{key: data[key] for key in loops}}
            plain, _ = expanded(stated, self.value, self.loops)
        result = self._map(plain)
        if not others:
            return result
        added = FUNCTIONS["Fn::Transform"](self, data["Fn::Transform"])
        if isinstance(added, dict):
            return {**added, **result}
        return OpenMap(result, added)

    def _list(self, data: list[Any]) -> list[Any]:
        values = (self.argument(data, index) for index in range(len(data)))
        return [value for value in values if value is not ABSENT]

    def reference(self, name: str) -> Any:
        """`Ref`: a parameter, a pseudo parameter or a resource."""
        value = self._parameters.get(name, _UNSET)
        if value is not _UNSET:
            return value
        if name in self.resources:
            missing = self._missing(name)
            return Reference(f"{self.context.name}/{name}") if missing is None else missing
        value = self._pseudo.get(name, _UNSET)
        if value is not _UNSET:
            return value
        if self.grows:
            return self._added(name)
        known = [*self._parameters, *self.resources, *self._pseudo]
        raise Problem(
            f"`{name}` is neither a parameter nor a resource of this template",
            did_you_mean(name, known),
        )

    def attribute(self, name: str, attribute: str) -> Any:
        """`Fn::GetAtt`: an attribute of a resource."""
        resource = self.resources.get(name)
        if resource is None:
            if self.grows:
                return self._added(f"{name}.{attribute}")
            raise Problem(
                f"`{name}` is not a resource of this template", did_you_mean(name, self.resources)
            )
        missing = self._missing(name)
        if missing is not None:
            return missing
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if kind == _NESTED:
            return self._output(name, attribute)
        if isinstance(kind, str) and kind.startswith(_CUSTOM):
            return self._chosen(name, attribute, "is chosen by a custom resource at deployment")
        if (kind, attribute) in _PROPERTY_ATTRIBUTES:
            value = self._property(name, resource, attribute)
            if value is not None:
                return value
        return Reference(f"{self.context.name}/{name}", attribute)

    def _added(self, name: str) -> Unknown:
        return Unknown(
            f"`{name}`", "may be added by a macro", key=("added", self.context.name, name)
        )

    def _missing(self, name: str) -> Unknown | None:
        """Note the dependency; an Unknown where a condition leaves the resource out."""
        self.uses.add(name)
        resource = self.resources[name]
        condition = resource.get("Condition") if isinstance(resource, dict) else None
        if condition is None or self.conditions.named(condition) is not False:
            return None
        self.notes[
            f"`{name}` is used but not created: condition `{condition}` does not hold; "
            "deployment fails where that is reached"
        ] = None
        return Unknown(
            f"resource `{name}`",
            f"is not created: condition `{condition}` does not hold",
            key=("missing", self.context.name, name),
        )

    def _output(self, name: str, attribute: str) -> Any:
        if attribute.startswith("Outputs."):
            stack = self.nested(name)
            output = attribute.removeprefix("Outputs.")
            if stack is not None:
                if output not in stack.outputs:
                    raise Problem(
                        f"nested stack `{name}` has no output `{output}`",
                        did_you_mean(output, stack.outputs),
                    )
                return stack.outputs[output]
        return self._chosen(name, attribute, "comes from a nested stack that was not read")

    def _chosen(self, name: str, attribute: str, reason: str) -> Unknown:
        stack = self.context.name
        return Unknown(f"`{name}.{attribute}`", reason, key=("attribute", stack, name, attribute))

    def _property(self, name: str, resource: Mapping[str, Any], attribute: str) -> Any:
        properties = resource.get("Properties")
        if not isinstance(properties, dict) or attribute not in properties:
            return None
        key = (name, attribute)
        if key not in self._properties:
            self._properties[key] = None  # a property that leads back to itself is not followed
            try:
                value = self.value(properties[attribute])
            except Problem as problem:
                raise problem.anchored("Resources", name, "Properties", attribute) from None
            if isinstance(value, str | Reference | Partial | Unknown | Either):
                self._properties[key] = value
        return self._properties[key]


def _pseudo_parameters(context: StackContext) -> dict[str, Any]:
    name = context.stack_name or context.name
    identity = Unknown(f"the id of stack `{name}`", "is chosen by AWS", key=("stack", context.name))
    arn = f"arn:{context.partition}:cloudformation:{context.region}:{context.account}:stack/{name}/"
    return {
        "AWS::AccountId": context.account,
        "AWS::NoValue": ABSENT,
        "AWS::NotificationARNs": Unknown(
            "the notification topics of the stack", "are given at deployment"
        ),
        "AWS::Partition": context.partition,
        "AWS::Region": context.region,
        "AWS::StackId": Partial(arn, identity),
        "AWS::StackName": name,
        "AWS::URLSuffix": domain_of(context.region),
    }
