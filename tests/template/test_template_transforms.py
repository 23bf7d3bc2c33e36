"""Loops, SAM and other macros."""

from __future__ import annotations

import pytest

from analyzer.errors import InputError
from analyzer.unknown import Undecided, Unknown, absent, explore

TOPICS = """\
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'Orders,Bills'}
  Open: {Type: CommaDelimitedList}
Resources:
  Fn::ForEach::Topics:
    - Name
    - !Ref Names
    - Topic${Name}:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Sub '${AWS::StackName}-${Name}'
          DisplayName: !Ref Name
"""


class TestALoop:
    def test_makes_a_resource_per_item(self, read):
        resources = read(TOPICS).resources

        assert {resource.id: resource.TopicName for resource in resources} == {
            "TopicOrders": "app-Orders",
            "TopicBills": "app-Bills",
        }
        assert [resource.DisplayName for resource in resources] == ["Orders", "Bills"]

    def test_leaves_out_of_a_key_what_no_id_can_hold(self, read):
        text = TOPICS.replace("Topic${Name}", "Topic&{Name}").replace("Orders,Bills", "a-b,c.d")

        assert [resource.id for resource in read(text).resources] == ["Topicab", "Topiccd"]

    def test_may_stand_in_a_loop(self, read):
        stack = read(
            """\
            Transform: AWS::LanguageExtensions
            Resources:
              Fn::ForEach::Zones:
                - Zone
                - [a, b]
                - Fn::ForEach::Tiers:
                    - Tier
                    - [web, data]
                    - Subnet${Tier}${Zone}:
                        Type: AWS::EC2::Subnet
                        Properties: {AvailabilityZone: !Sub 'eu-west-1${Zone}'}
            """
        )

        assert {resource.id: resource.AvailabilityZone for resource in stack.resources} == {
            "Subnetweba": "eu-west-1a",
            "Subnetdataa": "eu-west-1a",
            "Subnetwebb": "eu-west-1b",
            "Subnetdatab": "eu-west-1b",
        }

    def test_may_make_properties_conditions_and_outputs(self, read):
        stack = read(
            """\
            Transform: AWS::LanguageExtensions
            Conditions:
              Fn::ForEach::C: [N, [One, Two], {'Is${N}': !Equals [One, '${N}']}]
            Resources:
              Made:
                Type: Custom::Made
                Condition: IsOne
                Properties:
                  Fixed: 1
                  Fn::ForEach::P: [N, [A, B], {'Value${N}': '${N}'}]
              Not: {Type: Custom::Made, Condition: IsTwo}
            Outputs:
              Fn::ForEach::O: [N, [A, B], {'Out${N}': {Value: '${N}'}}]
            """
        )

        (made,) = stack.resources
        assert made.properties == {"Fixed": 1, "ValueA": "A", "ValueB": "B"}
        assert stack.outputs == {"OutA": "A", "OutB": "B"}

    @pytest.mark.parametrize(
        ("old", "new", "message", "line"),
        [
            ("!Ref Names", "!Ref Open", "is not known: parameter `Open` has no value", 8),
            ("!Ref Names", "text", "needs a list of texts as collection", 8),
            ("- Name\n", "- [Name]\n", "needs a text as identifier", 7),
            ("    - Name\n", "", "`Fn::ForEach::Topics` needs a list of 3", 6),
            ("Topic${Name}", "Topic", "`Topic` comes twice of a loop", 6),
            ("AWS::SNS::Topic", "[]", "the Type of resource `TopicOrders` is not a text", 10),
            ("Ref Name\n", "Ref Nam\n", "`Nam` is neither a parameter nor a resource", 13),
        ],
    )
    def test_that_is_malformed_is_refused_where_it_stands(self, read, old, new, message, line):
        with pytest.raises(InputError) as caught:
            read(TOPICS.replace(old, new))

        assert message in str(caught.value)
        assert caught.value.line == line

    @pytest.mark.parametrize(
        ("names", "fragment", "what"),
        [
            (",".join(f"n{i}" for i in range(10_001)), "x", "10,000 entries"),
            (",".join(f"n{i}" for i in range(2000)), "${Name}" * 1000, "10,000,000 characters"),
        ],
        ids=["entries", "characters"],
    )
    def test_that_would_not_end_is_refused(self, read, names, fragment, what):
        text = TOPICS.replace("Orders,Bills", names).replace("!Ref Name\n", f"'{fragment}'\n")

        with pytest.raises(InputError, match=f"loops make more than {what}"):
            read(text)


class TestSam:
    FUNCTION = """\
        Transform: AWS::Serverless-2016-10-31
        Parameters: {Memory: {Type: Number, Default: 256}}
        Globals: {Function: {Timeout: 10}}
        Resources:
          Work:
            Type: AWS::Serverless::Function
            Properties:
              Handler: app.handler
              Runtime: python3.12
              CodeUri: src/
              MemorySize: !Ref Memory
              Events:
                Often: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
        """

    def test_becomes_what_it_stands_for(self, read):
        resources = {resource.id: resource for resource in read(self.FUNCTION).resources}

        assert {resource.type for resource in resources.values()} == {
            "AWS::Lambda::Function",
            "AWS::Lambda::Permission",
            "AWS::Events::Rule",
            "AWS::IAM::Role",
        }
        assert resources["Work"].MemorySize == 256
        assert resources["Work"].Timeout == 10

    def test_needs_no_packaged_code(self, read):
        bare = self.FUNCTION.replace("              CodeUri: src/\n", "")

        assert read(bare).resources

    def test_that_sam_refuses_is_refused_where_it_stands(self, read):
        with pytest.raises(InputError, match="is refused by SAM") as caught:
            read(self.FUNCTION.replace("Handler: app.handler", "Hander: app.handler"))

        assert caught.value.line == 5


def test_a_macro_that_is_not_known_leaves_room_for_what_it_may_add(read):
    stack = read(
        """\
        Transform: [CompanyDefaults]
        Resources:
          Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: logs}}
        """
    )
    (bucket,) = stack.resources

    assert bucket.BucketName == "logs"
    assert len(explore(lambda: absent(bucket.BucketEncryption)).paths) == 2
    with pytest.raises(Undecided):
        list(bucket.properties)
    assert "macro `CompanyDefaults` may change every resource" in stack.notes[0]


def test_a_macro_that_is_not_known_may_have_sections_attributes_and_names_of_its_own(read):
    (bucket,) = read(
        """\
        Transform: [Count]
        Counters: {More: 3}
        Resources:
          Bucket: {Type: AWS::S3::Bucket, Count: 3, Properties: {BucketName: !Ref Counter}}
        """
    ).resources

    assert bucket.BucketName.subject == "`Counter`"


def test_a_macro_inside_properties_leaves_room_there_only(read):
    (bucket,) = read(
        """\
        Resources:
          Bucket:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: logs
              VersioningConfiguration: {'Fn::Transform': {Name: Versioning}}
        """
    ).resources

    assert isinstance(bucket.VersioningConfiguration.Status, Unknown)
    assert absent(bucket.BucketEncryption)


def test_what_an_include_adds_to_the_resources_is_not_known(read):
    stack = read(
        """\
        Resources:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://bucket/more.yaml}}
          Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Included}}
        """
    )

    assert isinstance(stack.resources[0].BucketName, Unknown)
    assert [resource.id for resource in stack.resources] == ["Bucket"]
    assert stack.notes == ("what the macro `AWS::Include` adds to Resources is not known",)
