from __future__ import annotations

import pytest

from analyzer.errors import InputError
from analyzer.unknown import Unknown, explore

TEMPLATE = """\
Parameters: {{A: {{Type: String, Default: a}}, X: {{Type: String}}, Y: {{Type: String}}}}
Conditions:
  Known: !Equals [a, !Ref A]
  Unmet: !Not [{{Condition: Known}}]
  IsX: !Equals [!Ref X, x]
  IsY: !Equals ['y', !Ref Y]
  Tested: {condition}
Resources:
  Always: {{Type: AWS::SNS::Topic}}
  Subject: {{Type: AWS::SNS::Topic, Condition: Tested}}
"""


@pytest.fixture
def subject(read):
    """The resource under a condition, None where it is not created."""

    def subjected(condition):
        resources = read(TEMPLATE.format(condition=condition)).resources
        return next((resource for resource in resources if resource.id == "Subject"), None)

    return subjected


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("!Equals [1, '1']", True),
        ("!Equals [true, 'true']", True),
        ("!Equals [!Ref A, b]", False),
        ("!Equals [[a, b], [a, b]]", True),
        ("!Equals ['us-east-1', !Ref AWS::Region]", True),
        ("{Condition: Known}", True),
        ("!And [{Condition: Known}, {Condition: Unmet}]", False),
        ("!Or [{Condition: Known}, {Condition: Unmet}]", True),
        ("!And [{Condition: Unmet}, {Condition: IsX}]", False),
        ("!Or [{Condition: Known}, {Condition: IsX}]", True),
        ("!Not [!Not [{Condition: Known}]]", True),
    ],
)
def test_a_decided_condition_makes_the_resource_or_does_not(subject, condition, holds):
    found = subject(condition)

    assert (found is not None) == holds
    assert found is None or found.condition is None


@pytest.mark.parametrize(
    ("condition", "truths"),
    [
        ("{Condition: IsX}", [True, False]),
        ("!Not [{Condition: IsX}]", [False, True]),
        ("!And [{Condition: Known}, {Condition: IsX}]", [True, False]),
        ("!And [{Condition: IsX}, {Condition: IsY}]", [True, False, False]),
        ("!Or [{Condition: IsX}, {Condition: IsY}]", [True, True, False]),
        ("!Equals [!Ref X, !Ref Y]", [True, False]),
    ],
)
def test_an_undecided_condition_asks_its_operands(subject, condition, truths):
    paths = explore(subject(condition).exists).paths

    assert [path.result for path in paths] == truths


def test_two_conditions_on_one_parameter_agree(subject):
    resource = subject("!And [{Condition: IsX}, !Not [!Equals [!Ref X, x]]]")

    assert {path.result for path in explore(resource.exists).paths} == {False}


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("{Condition: Tested}", "conditions are circular: Tested -> Tested"),
        ("{Condition: Knwn}", "condition `Knwn` is not declared; did you mean `Known`?"),
        ("!Equals [a]", "`Fn::Equals` needs a list of 2"),
        ("!Or [{Condition: Known}]", "`Fn::Or` needs a list of 2 to 10"),
        ("!Not {Condition: Known}", "`Fn::Not` needs a list of 1"),
        ("holds", "is not a condition function"),
        ("!Sub yes", "`Fn::Sub` is not a condition function"),
        ("!Equals [!Ref Nowhere, a]", "`Nowhere` is neither a parameter nor a resource"),
    ],
)
def test_a_broken_condition_is_refused_where_it_stands(subject, condition, message):
    with pytest.raises(InputError) as caught:
        subject(condition)

    assert message in str(caught.value)
    assert caught.value.line == 7


def test_conditions_that_nothing_uses_are_checked_too(read):
    with pytest.raises(InputError, match="not declared"):
        read("Conditions: {A: {Condition: B}}\nResources: {T: {Type: AWS::SNS::Topic}}")


def test_a_property_under_an_undecided_whole_agrees_with_its_neighbours(read):
    (topic,) = read(
        """\
        Parameters: {X: {Type: String}}
        Conditions: {IsX: !Equals [!Ref X, x]}
        Resources:
          T:
            Type: AWS::SNS::Topic
            Properties:
              Fn::If: [IsX, {TopicName: a, DisplayName: a}, {TopicName: b}]
        """
    ).resources

    paths = explore(lambda: (topic.TopicName, bool(topic.DisplayName))).paths
    assert {path.result for path in paths} == {("a", True), ("b", False)}


def test_a_deletion_policy_under_a_condition_is_one_of_its_choices(read):
    (topic,) = read(
        """\
        Parameters: {X: {Type: String}}
        Conditions: {IsX: !Equals [!Ref X, x]}
        Resources:
          T: {Type: AWS::SNS::Topic, DeletionPolicy: !If [IsX, Retain, Delete]}
        """
    ).resources

    assert isinstance(topic.deletion_policy, Unknown)
    assert topic.deletion_policy.allowed == ["Retain", "Delete"]


def test_what_only_one_branch_needs_closes_no_circle(read):
    stack = read(
        """\
        Parameters: {X: {Type: String}}
        Conditions: {IsX: !Equals [!Ref X, x]}
        Resources:
          A: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [IsX, !Ref B, a]}}
          B: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [IsX, b, !Ref A]}}
        """
    )

    assert len(stack.resources) == 2


def test_using_a_resource_that_is_not_created_is_noted(read):
    stack = read(
        """\
        Conditions: {Never: !Equals [a, b]}
        Resources:
          A: {Type: AWS::SNS::Topic, Condition: Never}
          B: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref A}}
        """
    )

    assert "`A` is used but not created" in stack.notes[0]
    assert isinstance(stack.resources[0].properties["TopicName"], Unknown)
