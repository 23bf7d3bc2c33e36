"""Every function with what is known, not known, and known in part."""

from __future__ import annotations

import pytest

from analyzer.errors import InputError
from analyzer.template import DynamicReference
from analyzer.unknown import ABSENT, Either, Partial, Reference, Unknown, explore, settle


def per_path(value) -> dict[tuple[str, ...], object]:
    """What a value is for each combination of answers."""
    paths = explore(lambda: settle(value)).paths
    return {tuple(str(choice) for choice in path.choices): path.result for path in paths}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("text", "text"),
        ("12", 12),
        ("!Ref Stage", "test"),
        ("!Ref Names", ["a", "b", "c"]),
        ("!Ref AWS::Region", "us-east-1"),
        ("!Ref AWS::AccountId", "111122223333"),
        ("!Ref AWS::StackName", "app"),
        ("!Ref AWS::Partition", "aws"),
        ("!Ref AWS::URLSuffix", "amazonaws.com"),
        ("!Sub 'a-${Stage}-${AWS::Region}'", "a-test-us-east-1"),
        ("!Sub '${!Literal} ${ Stage }'", "${Literal} test"),
        ("!Sub ['${Own}/${Stage}', {Own: !Select [1, !Ref Names]}]", "b/test"),
        ("!Sub '${Vpc.CidrBlock}'", "10.0.0.0/16"),
        ("!Sub 'x${AWS::NoValue}y'", "xy"),
        ("!Join ['-', [a, 1, true, !Ref Stage]]", "a-1-true-test"),
        ("!Join [',', !Ref Names]", "a,b,c"),
        ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
        ("!Select [1, [a, b]]", "b"),
        ("!Select ['0', !Ref Names]", "a"),
        ("!Split ['/', 'a/b/']", ["a", "b", ""]),
        ("!Select [2, !Split ['.', '10.0.7.0']]", "7"),
        ("!If [IsTest, one, two]", "one"),
        ("!If [IsProduction, one, two]", "two"),
        ("!If [IsProduction, !Ref Nowhere, two]", "two"),
        ("!FindInMap [Sizes, small, Class]", "db.t3.micro"),
        ("!FindInMap [Sizes, large, Zones]", ["a", "b", "c"]),
        ("!FindInMap [Sizes, small, Count]", 1),
        ("!FindInMap [Sizes, huge, Class, {DefaultValue: !Ref Stage}]", "test"),
        ("!FindInMap [Nothing, huge, Class, {DefaultValue: none}]", "none"),
        ("!Base64 assay", "YXNzYXk="),
        ("Fn::Base64: !Sub '${Stage}'", "dGVzdA=="),
        ("!Cidr ['10.0.0.0/16', 3, 8]", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
        ("!Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 2]]", "10.0.1.0/24"),
        ("!Cidr ['2001:db8::/56', 2, 64]", ["2001:db8::/64", "2001:db8:0:1::/64"]),
        ("!GetAZs ''", [f"us-east-1{letter}" for letter in "abcdef"]),
        ("!GetAZs {Ref: 'AWS::Region'}", [f"us-east-1{letter}" for letter in "abcdef"]),
        ("Fn::Length: !Ref Names", 3),
        ("Fn::Length: [a, b]", 2),
        (
            "Fn::ToJsonString: {a: [1, true, null, x], b: !Ref Stage}",
            '{"a":[1,true,"x"],"b":"test"}',
        ),
        ("!Equals [!Ref Stage, test]", True),
        ("!Not [!Equals [!Ref Stage, test]]", False),
        ("!And [{Condition: IsTest}, !Equals [1, '1']]", True),
        ("!Or [{Condition: IsProduction}, !Equals [true, 'true']]", True),
        ("!GetAtt [Vpc, CidrBlock]", "10.0.0.0/16"),
        ("!Ref AWS::NoValue", ABSENT),
        ("null", ABSENT),
        ("[a, !Ref AWS::NoValue, null, b]", ["a", "b"]),
        ("{A: !Ref AWS::NoValue, B: 1}", {"B": 1}),
    ],
)
def test_a_function_of_known_things_is_known(value, expression, expected):
    result = value(expression)

    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("expression", "subject"),
    [
        ("!Ref Open", "parameter `Open`"),
        ("!Ref OpenNames", "parameter `OpenNames`"),
        ("!Sub '${Open}'", "parameter `Open`"),
        ("!Join ['-', [!Ref Open]]", "parameter `Open`"),
        ("!Join ['-', !Ref OpenNames]", "the text of parameter `OpenNames`"),
        ("!Select [0, !Ref OpenNames]", "item 0 of parameter `OpenNames`"),
        ("!Split ['-', !Ref Open]", "pieces of parameter `Open`"),
        ("!Select [1, !Split ['-', !Ref Open]]", "item 1 of pieces of parameter `Open`"),
        ("Fn::Length: !Ref OpenNames", "length of parameter `OpenNames`"),
        ("!GetAZs {Ref: Open}", "the zones of parameter `Open`"),
        ("!GetAZs mars-north-1", "the zones of `mars-north-1`"),
        ("!Base64 {Ref: Open}", "parameter `Open`"),
        ("!ImportValue network-vpc", "import `network-vpc`"),
        ("!GetAtt Made.Answer", "`Made.Answer`"),
        ("!Ref AWS::NotificationARNs", "the notification topics of the stack"),
        ("!Ref Never", "resource `Never`"),
        ("!GetAtt Never.TopicName", "resource `Never`"),
        ("Fn::Transform: {Name: Maker}", "macro `Maker`"),
        ("!Cidr ['10.0.0.0/16', !Ref Open, 8]", "address blocks by parameter `Open`"),
    ],
)
def test_a_function_of_something_not_known_says_what_it_hangs_on(value, expression, subject):
    result = value(expression)

    assert isinstance(result, Unknown)
    assert result.subject == subject
    assert result.reason


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("!Sub 'a-${Open}-b'", "a-${parameter `Open`}-b"),
        ("!Sub 'arn:aws:s3:::${Bucket}/*'", "arn:aws:s3:::${Bucket}/*"),
        ("!Join ['-', [x, !Ref Bucket, !GetAtt Bucket.Arn]]", "x-${Bucket}-${Bucket.Arn}"),
        ("Fn::ToJsonString: {a: !Ref Open}", '{"a":"${parameter `Open`}"}'),
        ("!Base64 {'Fn::Sub': 'run ${Bucket}'}", "run ${Bucket}"),
    ],
)
def test_a_text_with_a_hole_keeps_its_known_ends(value, expression, shown):
    result = value(expression)

    assert isinstance(result, Partial)
    assert f"{result}" == shown


@pytest.mark.parametrize(
    ("expression", "target", "attribute"),
    [
        ("!Ref Bucket", "app/Bucket", ""),
        ("!GetAtt Bucket.Arn", "app/Bucket", "Arn"),
        ("!GetAtt [Bucket, Arn]", "app/Bucket", "Arn"),
        ("!GetAtt Bucket.Endpoint.Address", "app/Bucket", "Endpoint.Address"),
        ("!Sub '${Bucket.Arn}'", "app/Bucket", "Arn"),
        ("!Join ['', [!Ref Bucket]]", "app/Bucket", ""),
        ("!Select [0, !Split [',', !Ref Bucket]]", "app/Bucket", ""),
    ],
)
def test_a_resource_of_the_template_is_a_reference(value, expression, target, attribute):
    result = value(expression)

    assert isinstance(result, Reference)
    assert (result.target, result.attribute) == (target, attribute)


def test_ids_joined_and_split_again_are_references_again(value):
    first, second = value("!Split [',', !Sub '${Bucket},${Vpc}']")

    assert (first.target, second.target) == ("app/Bucket", "app/Vpc")


def test_the_text_of_a_list_that_aws_chooses_is_unknown(value):
    assert isinstance(value("!Join [',', !GetAtt Vpc.CidrBlockAssociations]"), Unknown)


def test_blocks_of_an_unknown_network_can_still_be_counted(value):
    blocks = value("!Cidr [!Ref Open, 4, 8]")

    assert len(blocks) == 4
    assert all(isinstance(block, Unknown) for block in blocks)


class TestAnUndecidedCondition:
    def test_makes_a_choice_between_two_values(self, value):
        result = value("!If [IsOpen, one, two]")

        assert isinstance(result, Either)
        assert per_path(result) == {
            ("parameter `Open` is 'yes'",): "one",
            ("parameter `Open` is not 'yes'",): "two",
        }

    def test_is_no_choice_between_equal_values(self, value):
        assert value("!If [IsOpen, same, same]") == "same"

    def test_is_a_choice_inside_a_text(self, value):
        result = value("!Sub ['x-${V}', {V: !If [IsOpen, one, two]}]")

        assert set(per_path(result).values()) == {"x-one", "x-two"}

    def test_is_asked_once_for_all_that_hangs_on_it(self, value):
        result = value("!Join ['', [!If [IsOpen, a, b], !If [IsOpen, c, d]]]")

        assert set(per_path(result).values()) == {"ac", "bd"}

    def test_is_a_choice_of_a_map_that_becomes_json(self, value):
        result = value("Fn::ToJsonString: {a: !If [IsOpen, {b: 1}, !Ref AWS::NoValue]}")

        assert set(per_path(result).values()) == {'{"a":{"b":1}}', "{}"}

    def test_may_leave_a_property_unset(self, value):
        assert set(per_path(value("!If [IsOpen, x, !Ref AWS::NoValue]")).values()) == {"x", ABSENT}

    def test_is_a_truth_value_where_a_condition_function_stands_as_value(self, value):
        assert set(per_path(value("!Not [{Condition: IsOpen}]")).values()) == {True, False}


def test_a_key_of_a_mapping_that_is_not_known_is_one_question_per_key(value):
    result = value("!FindInMap [Sizes, !Ref Open, Class]")

    assert set(per_path(result).values()) == {"db.t3.micro", "db.m5.large"}


def test_a_key_among_allowed_values_asks_for_those_only(value):
    result = value("!FindInMap [Sizes, !Ref Size, Count]")

    assert per_path(result) == {
        ("parameter `Size` is 'small'",): 1,
        ("parameter `Size` is not 'small'",): 2,
    }


def test_a_position_that_is_not_known_is_one_question_per_item(value):
    assert set(per_path(value("!Select [!Ref Open, [a, b, c]]")).values()) == {"a", "b", "c"}


def test_a_key_that_a_parameter_gives_and_the_map_lacks_is_unknown_and_noted(read):
    stack = read(
        """\
        Parameters: {Size: {Type: String, Default: huge}}
        Mappings: {Sizes: {small: {Class: a}}}
        Resources:
          Topic:
            Type: AWS::SNS::Topic
            Properties: {TopicName: !FindInMap [Sizes, !Ref Size, Class]}
        """
    )

    assert isinstance(stack.resources[0].properties["TopicName"], Unknown)
    assert stack.notes == ("mapping `Sizes` has no key `huge`: deployment would fail here",)


def test_an_item_that_a_given_list_lacks_is_unknown_and_noted(read):
    stack = read(
        """\
        Parameters: {Names: {Type: CommaDelimitedList, Default: ''}}
        Resources:
          T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Select [0, !Ref Names]}}
        """
    )

    assert isinstance(stack.resources[0].properties["TopicName"], Unknown)
    assert stack.notes == (
        "`Fn::Select` asks for item 0 of a list of 0: deployment fails where that is reached",
    )


def test_an_included_mapping_is_unknown(read):
    (topic,) = read(
        """\
        Mappings: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://x/y}}}
        Resources:
          Topic:
            Type: AWS::SNS::Topic
            Properties: {TopicName: !FindInMap [Sizes, small, Class]}
        """
    ).resources

    assert isinstance(topic.properties["TopicName"], Unknown)


class TestADynamicReference:
    @pytest.mark.parametrize(
        ("text", "subject", "secret"),
        [
            ("{{resolve:secretsmanager:db:SecretString:password}}", "secret `db`", True),
            ("{{resolve:ssm-secure:/db/password:3}}", "SSM parameter `/db/password`", True),
            ("{{resolve:ssm:/app/size}}", "SSM parameter `/app/size`", False),
        ],
    )
    def test_is_an_unknown_value(self, value, text, subject, secret):
        result = value(f"'{text}'")

        assert isinstance(result, DynamicReference)
        assert (result.subject, result.secret) == (subject, secret)

    def test_is_a_hole_in_a_longer_text(self, value):
        result = value("'jdbc:{{resolve:ssm:/db/host}}/app'")

        assert (result.head, result.tail) == ("jdbc:", "/app")

    def test_may_name_a_resource(self, value):
        result = value("!Sub '{{resolve:secretsmanager:${Bucket}:SecretString:password}}'")

        assert isinstance(result, DynamicReference)
        assert result.secret

    def test_is_made_of_pieces_too(self, value):
        result = value("!Join ['', ['{{resolve:ssm:', !Ref Stage, '}}']]")

        assert result.subject == "SSM parameter `test`"

    def test_of_another_service_is_refused(self, value):
        with pytest.raises(InputError, match="`vault` is not a service"):
            value("'{{resolve:vault:x}}'")


def test_an_import_takes_its_value_from_a_sibling(value):
    exports = {"network-vpc": Reference("network/Vpc")}

    result = value("!ImportValue network-vpc", imports=exports.__getitem__)

    assert result.target == "network/Vpc"


def test_an_import_whose_name_hangs_on_a_condition_takes_either_value(value):
    exports = {"a-vpc": "vpc-a", "b-vpc": "vpc-b"}

    result = value(
        "Fn::ImportValue: !Sub ['${P}-vpc', {P: !If [IsOpen, a, b]}]", imports=exports.__getitem__
    )

    assert set(per_path(result).values()) == {"vpc-a", "vpc-b"}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("!Ref Nowhere", "`Nowhere` is neither a parameter nor a resource of this template"),
        ("!Ref Stagee", "did you mean `Stage`?"),
        ("!GetAtt Nowhere.Arn", "`Nowhere` is not a resource"),
        ("!GetAtt Bucket", "`Fn::GetAtt` needs a resource and an attribute"),
        ("!Subb x", "`Fn::Subb` is not a function of CloudFormation; did you mean `Fn::Sub`?"),
        ("!Sub '${}'", "empty `${}`"),
        ("!Sub [a]", "`Fn::Sub` needs a list of 2"),
        ("!Sub [a, b]", "`Fn::Sub` needs a literal text"),
        ("!Join [[], [a]]", "`Fn::Join` needs a literal delimiter"),
        ("!Join [',', a]", "`Fn::Join` needs a list of values"),
        ("!Join [',', [{a: b}]]", "a map stands where a text belongs"),
        ("!Select [2, [a, b]]", "item 2 of a list of 2"),
        ("!Select [-1, [a, b]]", "item -1 of a list of 2"),
        ("!Select [x, [a, b]]", "needs a whole number, not `x`"),
        ("!Select [0, a]", "needs a list to select from"),
        ("!Split ['', a]", "needs a literal delimiter"),
        ("!If [IsTest, a]", "`Fn::If` needs a list of 3"),
        ("!If [IsTesting, a, b]", "condition `IsTesting` is not declared; did you mean `IsTest`?"),
        ("!FindInMap [Sizes, small]", "`Fn::FindInMap` needs a list of 3 to 4"),
        ("!FindInMap [Sizes, smal, Class]", "has no key `smal`; did you mean `small`?"),
        ("!FindInMap [Size, small, Class]", "`Size` is not declared; did you mean `Sizes`?"),
        ("!Cidr ['10.0.0.0/24', 4, 8]", "no room for 4 blocks of 8 bits"),
        ("!Cidr ['10.0.0.0/24', 0, 4]", "makes 1 to 256 blocks, not 0"),
        ("!Cidr ['10.0.0.0/24', 1, 99]", "cannot make blocks of 99 bits"),
        ("!Cidr [here, 1, 8]", "needs an address block, not `here`"),
        ("Fn::Length: a", "`Fn::Length` needs a list"),
        ("Fn::ToJsonString: a", "`Fn::ToJsonString` needs a map or a list"),
        ("!And [{Condition: IsTest}]", "`Fn::And` needs a list of 2 to 10"),
        ("{Ref: Stage, Other: x, 'Fn::Sub': y}", "`Fn::Sub` stands beside other keys"),
        ("Fn::Transform: {Parameters: {}}", "`Fn::Transform` needs the name of a macro"),
    ],
)
def test_a_function_that_cannot_work_is_refused_where_it_stands(value, expression, message):
    with pytest.raises(InputError) as caught:
        value(expression)

    assert message in str(caught.value)
    assert caught.value.line == 25


def test_the_fault_is_located_deep_inside(value):
    with pytest.raises(InputError) as caught:
        value("A:\n  - B: !Join\n    - ','\n    - - x\n      - !Ref Nowhere\n")

    assert caught.value.line == 29
