from __future__ import annotations

import pytest

from analyzer.errors import InputError
from analyzer.template import SecretParameter, has_literal_default
from analyzer.unknown import Either, Partial, Unknown, absent, explore

TEMPLATE = """\
Parameters:
  P: {declaration}
Resources:
  Made: {{Type: Custom::Made, Properties: {{Value: !Ref P}}}}
"""


@pytest.fixture
def parameter(read):
    """What `Ref` gives for a parameter, and the stack that it was read in."""

    def parametrised(declaration: str, given=None, **context):
        parameters = {} if given is None else {"P": given}
        stack = read(TEMPLATE.format(declaration=declaration), parameters=parameters, **context)
        return stack.resources[0].properties.get("Value"), stack

    return parametrised


@pytest.mark.parametrize(
    ("declaration", "given", "expected"),
    [
        ("{Type: String, Default: a}", None, "a"),
        ("{Type: String, Default: a}", "b", "b"),
        ("{Type: String, Default: ''}", None, ""),
        ("{Type: String}", "b", "b"),
        ("{Type: Number, Default: 3}", None, "3"),
        ("{Type: String, Default: true}", None, "true"),
        ("{Type: String}", 12, "12"),
        ("{Type: CommaDelimitedList, Default: 'a, b ,c'}", None, ["a", "b", "c"]),
        ("{Type: CommaDelimitedList, Default: ''}", None, []),
        ("{Type: CommaDelimitedList}", ["a", "b"], ["a", "b"]),
        ("{Type: List<Number>, Default: '80,443'}", None, ["80", "443"]),
        ("{Type: 'List<AWS::EC2::Subnet::Id>'}", "subnet-1,subnet-2", ["subnet-1", "subnet-2"]),
        ("{Type: AWS::EC2::VPC::Id, Default: vpc-1}", None, "vpc-1"),
        ("{Type: 'AWS::SSM::Parameter::Name', Default: /a/b}", None, "/a/b"),
    ],
)
def test_a_parameter_has_its_given_value_or_its_default(parameter, declaration, given, expected):
    value, _ = parameter(declaration, given)

    assert value == expected


def test_a_parameter_without_value_or_default_is_unknown_and_says_so(parameter):
    value, stack = parameter("{Type: String}")

    assert f"{value.subject} {value.reason}" == "parameter `P` has no value in this profile"
    assert value.source.line == 2
    assert stack.parameters == {"P": "(not given)"}


def test_an_unknown_parameter_can_only_be_what_is_allowed(parameter):
    value, _ = parameter("{Type: String, AllowedValues: [small, large]}")

    paths = explore(lambda: "s" if value == "small" else "l" if value == "large" else "x").paths
    assert [path.result for path in paths] == ["s", "l"]


def test_an_unknown_number_keeps_within_its_bounds(read):
    template = """\
        Parameters: {P: {Type: Number, MinValue: 7, MaxValue: 35}}
        Resources:
          Db: {Type: AWS::RDS::DBInstance, Properties: {BackupRetentionPeriod: !Ref P}}
    """
    (database,) = read(template).resources

    days = database.BackupRetentionPeriod
    assert explore(lambda: days < 7).paths[0].choices == ()
    assert len(explore(lambda: days < 14).paths) == 2


def test_a_parameter_becomes_what_the_property_is(read):
    template = """\
        Parameters: {Encrypt: {Type: String, Default: 'TRUE'}, Size: {Type: Number, Default: 20}}
        Resources:
          Db:
            Type: AWS::RDS::DBInstance
            Properties:
              StorageEncrypted: !Ref Encrypt
              AllocatedStorage: 100
              BackupRetentionPeriod: !Ref Size
              Port: 3306
              EngineVersion: 8
    """
    (database,) = read(template).resources

    assert database.StorageEncrypted is True
    assert database.BackupRetentionPeriod == 20
    assert database.EngineVersion == "8"


class TestASecret:
    DECLARATION = "{Type: String, NoEcho: true, Default: hunter2-hunter2}"

    def test_is_never_shown(self, parameter):
        value, stack = parameter(self.DECLARATION)

        shown = f"{value} {value!r} {stack.parameters} {stack.notes} {value.reason}"
        assert "hunter2" not in shown
        assert stack.parameters == {"P": "********"}

    def test_is_handed_on_for_masking(self, parameter):
        _, stack = parameter(self.DECLARATION, "other-secret")

        assert stack.secrets == {"hunter2-hunter2", "other-secret"}

    def test_knows_whether_the_template_holds_it(self, parameter):
        with_default, _ = parameter(self.DECLARATION)
        without, _ = parameter("{Type: String, NoEcho: 'true'}", "hunter2")

        assert isinstance(with_default, SecretParameter)
        assert has_literal_default(with_default)
        assert has_literal_default(Partial("x", with_default))
        assert has_literal_default(Either(None, "x", with_default))
        assert isinstance(without, SecretParameter)
        assert not has_literal_default(without)

    def test_is_no_question_where_its_value_is_known(self, parameter):
        value, _ = parameter(self.DECLARATION)

        (path,) = explore(lambda: value == "hunter2-hunter2").paths
        assert path.result is True
        assert path.choices == ()

    def test_decides_conditions(self, read):
        stack = read(
            """\
            Parameters: {P: {Type: String, NoEcho: true, Default: ''}}
            Conditions: {IsGiven: !Not [!Equals [!Ref P, '']]}
            Resources:
              Always: {Type: AWS::SNS::Topic}
              Only: {Type: AWS::SNS::Topic, Condition: IsGiven}
            """
        )

        assert [resource.id for resource in stack.resources] == ["Always"]

    def test_is_not_in_the_error_about_it(self, parameter):
        with pytest.raises(InputError) as caught:
            parameter("{Type: String, NoEcho: true, MinLength: 12}", "hunter2")

        assert str(caught.value) == (
            "app.yaml:2:3: parameter `P`: its value is shorter than MinLength 12"
        )

    @pytest.mark.parametrize("stated", ["null", "false", "{a: b}", "[]"])
    def test_is_one_only_where_no_echo_is_true(self, parameter, stated):
        value, _ = parameter(f"{{Type: String, Default: x, NoEcho: {stated}}}")

        assert value == "x"


@pytest.mark.parametrize(
    "type_",
    ["AWS::SSM::Parameter::Value<String>", "AWS::SSM::Parameter::Value<List<String>>"],
)
def test_an_ssm_parameter_is_read_at_deployment(parameter, type_):
    value, stack = parameter(f"{{Type: '{type_}', Default: /app/image}}")

    assert isinstance(value, Unknown)
    assert "is read from the SSM parameter /app/image" in value.reason
    assert stack.parameters == {"P": "(SSM parameter /app/image)"}


@pytest.mark.parametrize(
    ("declaration", "given", "message"),
    [
        ("{Type: String, AllowedValues: [a, b]}", "c", "'c' is not one of a, b"),
        ("{Type: Number}", "many", "'many' is not a number"),
        ("{Type: Number, MinValue: 1}", "0", "'0' is below MinValue 1"),
        ("{Type: Number, MaxValue: 9}", "10", "'10' is above MaxValue 9"),
        ("{Type: List<Number>}", "1,x", "'x' is not a number"),
        ("{Type: String, MinLength: 2}", "a", "'a' is shorter than MinLength 2"),
        ("{Type: String, MaxLength: 2}", "abc", "'abc' is longer than MaxLength 2"),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "A1", "'A1' does not match AllowedPattern"),
        (
            "{Type: String, AllowedPattern: 'a', ConstraintDescription: must be a}",
            "b",
            "does not match AllowedPattern; must be a",
        ),
        ("{Type: String, Default: c, AllowedValues: [a]}", None, "its default 'c' is not one of a"),
        ("{Type: String, AllowedValues: a}", "a", "AllowedValues is not a list"),
        ("{Type: Text}", "a", "`P` has no valid Type; for example String or Number"),
        ("{Default: a}", None, "`P` has no valid Type"),
        ("{Type: Number, MinValue: low}", "1", "MinValue is not a number"),
        ("{Type: String, Default: {a: b}}", None, "the value of parameter `P` is a map"),
        ("text", None, "parameter `P` is not a map"),
    ],
)
def test_what_breaks_a_declaration_is_refused(parameter, declaration, given, message):
    with pytest.raises(InputError) as caught:
        parameter(declaration, given)

    assert message in str(caught.value)
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(([1-9]?[0-9]|1[0-9]{2}|25[0-5])\.){3}([0-9]{1,3})/16", "10.0.0.0/16"),
        (r"([a-z0-9-]+\.)+[a-z]{2,}", "very.long.names.of.servers.example.com"),
        (r"^\S+@\S+$", "someone@example.com"),
        ("[^()+*]*", "brackets"),
    ],
)
def test_usual_patterns_are_checked(parameter, pattern, text):
    value, stack = parameter(f"{{Type: String, AllowedPattern: '{pattern}'}}", text)

    assert value == text
    assert stack.notes == ()
    with pytest.raises(InputError, match="does not match"):
        parameter(f"{{Type: String, AllowedPattern: '{pattern}'}}", "((")


@pytest.mark.parametrize("pattern", ["(a|a)*", "[", "(a)*["])
def test_a_pattern_that_would_take_for_ever_or_is_none_is_noted(parameter, pattern):
    value, stack = parameter(f"{{Type: String, AllowedPattern: '{pattern}'}}", "a" * 60 + "!")

    assert value == "a" * 60 + "!"
    assert "the AllowedPattern of parameter `P` is not understood" in stack.notes[0]


def test_a_given_parameter_that_is_not_declared_is_noted(read):
    stack = read("Resources: {T: {Type: AWS::SNS::Topic}}", parameters={"Other": "x"})

    assert stack.notes == ("parameter `Other` is given but not declared",)


class TestAllScenarios:
    def test_open_a_parameter_with_allowed_values_although_it_has_one(self, parameter):
        value, stack = parameter(
            "{Type: String, Default: a, AllowedValues: [a, b]}", all_scenarios=True
        )

        assert [path.result for path in explore(lambda: value == "a").paths] == [True, False]
        assert all(path.choices[0].scenario for path in explore(lambda: value == "a").paths)
        assert stack.parameters == {"P": "a | b"}

    def test_leave_a_parameter_without_allowed_values_as_it_is(self, parameter):
        value, _ = parameter("{Type: String, Default: a}", all_scenarios=True)

        assert value == "a"

    def test_open_what_hangs_on_such_a_parameter(self, read):
        template = """\
            Parameters: {Stage: {Type: String, Default: test, AllowedValues: [test, live]}}
            Conditions: {IsLive: !Equals [!Ref Stage, live]}
            Resources:
              Topic: {Type: AWS::SNS::Topic, Condition: IsLive}
            """

        assert read(template).resources == ()
        (topic,) = read(template, all_scenarios=True).resources
        assert len(explore(topic.exists).paths) == 2


def test_a_property_under_no_value_is_absent(read):
    (topic,) = read(
        """\
        Resources:
          T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref AWS::NoValue, DisplayName: null}}
        """
    ).resources

    assert absent(topic.TopicName)
    assert absent(topic.DisplayName)
    assert topic.properties == {}


def test_null_is_noted_since_cloudformation_refuses_it(read):
    stack = read("Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: null}}}")

    assert stack.notes == ("`TopicName` is null: CloudFormation refuses it; read as not set",)
