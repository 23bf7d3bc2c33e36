from __future__ import annotations

from textwrap import dedent

import pytest

from analyzer.membership import normalise
from analyzer.model import Inventory, Resource
from analyzer.template import StackContext, read_stack
from analyzer.unknown import ABSENT, Either, Reference, Undecided, Unknown, explore


def read(text: str, **parameters: str) -> list[Resource]:
    template = dedent(text).encode()
    context = StackContext("app", parameters=parameters)
    return list(read_stack(("app.yaml", template), context).resources)


def normalised(text: str, **parameters: str) -> Inventory:
    return Inventory("app", normalise(read(text, **parameters)))


INGRESS = """\
    Resources:
      Web:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: web
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
      FromOffice:
        Type: AWS::EC2::SecurityGroupIngress
        Properties:
          GroupId: !GetAtt Web.GroupId
          IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: 192.0.2.0/24
"""


def test_an_ingress_rule_of_its_own_stands_behind_those_of_its_group():
    inventory = normalised(INGRESS)

    ports = [entry.FromPort for entry in inventory.resources["app/Web"].SecurityGroupIngress]
    assert ports == [443, 22]


def test_a_moved_rule_leaves_the_inventory():
    assert normalised(INGRESS).types == {"AWS::EC2::SecurityGroup"}


def test_a_moved_rule_does_not_name_its_group_any_more():
    (_, entry) = normalised(INGRESS).resources["app/Web"].SecurityGroupIngress

    assert "GroupId" not in entry


def test_a_moved_rule_is_located_where_it_is_written():
    group = normalised(INGRESS).resources["app/Web"]

    assert group.locate(("SecurityGroupIngress", 1, "FromPort")).line == 13
    assert group.locate(("SecurityGroupIngress", 1)).line == 8
    assert group.locate(("SecurityGroupIngress", 0, "FromPort")).line == 7


def test_a_group_is_found_by_the_name_too():
    inventory = normalised(INGRESS.replace("GroupId: !GetAtt Web.GroupId", "GroupName: !Ref Web"))

    assert len(inventory.resources["app/Web"].SecurityGroupIngress) == 2


def test_the_given_resources_stay_as_they_were():
    given = read(INGRESS)
    before = [(resource.key, repr(resource.properties)) for resource in given]

    normalise(given)

    assert [(resource.key, repr(resource.properties)) for resource in given] == before
    assert all(not resource.moved for resource in given)


def test_what_belongs_to_nothing_is_the_same_object():
    given = read("Resources: {Topic: {Type: 'AWS::SNS::Topic'}}")

    assert normalise(given) == given


def test_a_rule_of_a_group_outside_stays():
    text = INGRESS.replace("!GetAtt Web.GroupId", "sg-0123456789abcdef0")

    assert "app/FromOffice" in normalised(text).resources


def test_a_rule_of_a_group_that_is_not_known_stays():
    parameter = "    Parameters: {Group: {Type: String}}\n"
    text = parameter + INGRESS.replace("!GetAtt Web.GroupId", "!Ref Group")
    inventory = normalised(text)

    assert isinstance(inventory.resources["app/FromOffice"].properties["GroupId"], Unknown)
    assert len(inventory.resources["app/Web"].SecurityGroupIngress) == 1


def test_a_rule_of_a_vpcs_default_group_does_not_go_to_the_vpc():
    inventory = normalised(
        """\
        Resources:
          Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
          Rule:
            Type: AWS::EC2::SecurityGroupIngress
            Properties: {GroupId: !GetAtt Vpc.DefaultSecurityGroup, IpProtocol: '-1'}
        """
    )

    assert set(inventory.resources) == {"app/Vpc", "app/Rule"}


def test_a_rule_stays_beside_a_group_whose_own_rules_are_not_known():
    text = INGRESS.replace(
        "            - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}\n", ""
    ).replace("SecurityGroupIngress:\n", "SecurityGroupIngress: {'Fn::Transform': Rules}\n")
    inventory = normalised(text)

    assert "app/FromOffice" in inventory.resources
    assert isinstance(inventory.resources["app/Web"].properties["SecurityGroupIngress"], Unknown)


CONDITIONAL = """\
    Parameters:
      Stage: {Type: String}
    Conditions:
      IsProduction: !Equals [!Ref Stage, production]
      IsTest: !Not [{Condition: IsProduction}]
    Resources:
      Web:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: web
          SecurityGroupIngress:
            Fn::If:
              - IsProduction
              - - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
              - !Ref AWS::NoValue
      ForTests:
        Type: AWS::EC2::SecurityGroupIngress
        Condition: IsTest
        Properties: {GroupId: !Ref Web, IpProtocol: tcp, FromPort: 8080, CidrIp: 10.0.0.0/8}
"""


def ports_per_path(group: Resource) -> set[tuple[int, ...]]:
    exploration = explore(lambda: tuple(entry.FromPort for entry in group.SecurityGroupIngress))
    return {path.result for path in exploration.paths}


def test_a_conditional_rule_is_there_only_where_its_condition_holds():
    group = normalised(CONDITIONAL).resources["app/Web"]

    assert ports_per_path(group) == {(443,), (8080,)}


def test_a_conditional_rule_is_an_either_with_nothing_on_its_other_side():
    group = normalised(CONDITIONAL).resources["app/Web"]
    entry = group.properties["SecurityGroupIngress"].if_true[1]

    assert isinstance(entry, Either)
    assert entry.if_false is ABSENT


def test_an_entry_has_one_position_whichever_branch_the_groups_own_rules_come_from():
    group = normalised(CONDITIONAL).resources["app/Web"]

    paths = explore(lambda: [entry.at() for entry in group.SecurityGroupIngress]).paths
    assert {tuple(path.result) for path in paths} == {
        (("SecurityGroupIngress", 0),),
        (("SecurityGroupIngress", 1),),
    }
    assert group.locate(("SecurityGroupIngress", 1)).line == 16


EGRESS = """\
    Resources:
      Web:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: web
      ToDatabase:
        Type: AWS::EC2::SecurityGroupEgress
        Properties: {GroupId: !Ref Web, IpProtocol: tcp, FromPort: 5432, CidrIp: 10.0.0.0/8}
"""


def test_a_group_without_egress_rules_of_its_own_keeps_the_default_one():
    group = normalised(EGRESS).resources["app/Web"]

    protocols = [entry.IpProtocol for entry in group.SecurityGroupEgress]
    assert protocols == ["-1", "tcp"]
    assert group.locate(("SecurityGroupEgress", 1, "FromPort")).line == 8


def test_a_group_with_egress_rules_of_its_own_has_no_default_one():
    own = "description\n          SecurityGroupEgress: [{IpProtocol: udp, CidrIp: 10.0.0.2/32}]"
    group = normalised(EGRESS.replace("web", own)).resources["app/Web"]

    assert [entry.IpProtocol for entry in group.SecurityGroupEgress] == ["udp", "tcp"]


POLICIES = """\
    Resources:
      Worker:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {}
          Policies: [{PolicyName: own, PolicyDocument: {}}]
      Operator: {Type: 'AWS::IAM::User'}
      Operators: {Type: 'AWS::IAM::Group'}
      ReadOrders:
        Type: AWS::IAM::Policy
        Properties:
          PolicyName: read-orders
          PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}
          Roles: [!Ref Worker]
          Users: [!Ref Operator]
          Groups: [!Ref Operators]
"""


def test_a_policy_goes_to_every_role_user_and_group_that_it_is_attached_to():
    inventory = normalised(POLICIES)

    names = {
        owner: [policy.PolicyName for policy in inventory.resources[f"app/{owner}"].Policies]
        for owner in ("Worker", "Operator", "Operators")
    }
    assert names == {
        "Worker": ["own", "read-orders"],
        "Operator": ["read-orders"],
        "Operators": ["read-orders"],
    }
    assert "app/ReadOrders" not in inventory.resources


def test_a_policy_moved_to_a_role_is_located_where_it_is_written():
    role = normalised(POLICIES).resources["app/Worker"]

    assert role.locate(("Policies", 1, "PolicyDocument", "Statement", 0, "Action")).line == 13


def test_a_policy_with_a_target_outside_goes_to_the_others_and_stays():
    inventory = normalised(POLICIES.replace("[!Ref Operator]", "[alice]"))

    assert "app/ReadOrders" in inventory.resources
    assert len(inventory.resources["app/Worker"].Policies) == 2
    assert "Policies" not in inventory.resources["app/Operator"]


def test_a_policy_that_names_a_role_twice_is_one_entry():
    inventory = normalised(POLICIES.replace("[!Ref Worker]", "[!Ref Worker, !Ref Worker]"))

    assert len(inventory.resources["app/Worker"].Policies) == 2


def test_the_policies_of_one_role_user_or_group_go_to_it():
    inventory = normalised(
        """\
        Resources:
          Worker: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}}}
          Operator: {Type: 'AWS::IAM::User'}
          Operators: {Type: 'AWS::IAM::Group'}
          ForRole:
            Type: AWS::IAM::RolePolicy
            Properties: {RoleName: !Ref Worker, PolicyName: role, PolicyDocument: {}}
          ForUser:
            Type: AWS::IAM::UserPolicy
            Properties: {UserName: !Ref Operator, PolicyName: user, PolicyDocument: {}}
          ForGroup:
            Type: AWS::IAM::GroupPolicy
            Properties: {GroupName: !Ref Operators, PolicyName: group}
        """
    )

    assert {
        resource.id: [dict(policy.raw) for policy in resource.Policies] for resource in inventory
    } == {
        "Worker": [{"PolicyName": "role", "PolicyDocument": {}}],
        "Operator": [{"PolicyName": "user", "PolicyDocument": {}}],
        "Operators": [{"PolicyName": "group"}],
    }


def test_a_managed_policy_stays_and_its_targets_refer_to_it():
    inventory = normalised(
        """\
        Resources:
          Worker:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument: {}
              ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']
          Extra:
            Type: AWS::IAM::ManagedPolicy
            Properties: {PolicyDocument: {}, Roles: [!Ref Worker]}
        """
    )
    role = inventory.resources["app/Worker"]
    attached = role.properties["ManagedPolicyArns"][1]

    assert isinstance(attached, Reference)
    assert inventory.resolve(attached, "").id == "Extra"
    assert inventory.referrers(inventory.resources["app/Extra"]) == [role]
    assert role.locate(("ManagedPolicyArns", 1)).line == 7


def test_an_addition_to_a_group_becomes_a_group_of_the_users():
    inventory = normalised(
        """\
        Resources:
          Operator: {Type: 'AWS::IAM::User', Properties: {Groups: [staff]}}
          Operators: {Type: 'AWS::IAM::Group'}
          Addition:
            Type: AWS::IAM::UserToGroupAddition
            Properties:
              GroupName: !Ref Operators
              Users: [!Ref Operator]
        """
    )
    user = inventory.resources["app/Operator"]

    assert user.Groups[0] == "staff"
    assert inventory.resolve(user.Groups[1], "").id == "Operators"
    assert user.locate(("Groups", 1)).line == 7
    assert "app/Addition" not in inventory.resources


def test_an_owner_keeps_what_the_template_says_beside_its_properties():
    text = INGRESS.replace(
        "Type: AWS::EC2::SecurityGroup\n",
        "Type: AWS::EC2::SecurityGroup\n"
        "        DeletionPolicy: Retain\n"
        "        Metadata: {Owner: platform}\n",
        1,
    )
    group = normalised(text).resources["app/Web"]

    assert group.deletion_policy == "Retain"
    assert group.metadata == {"Owner": "platform"}
    assert (group.stack, group.region, group.account) == ("app", "us-east-1", "111122223333")


def test_what_refers_to_a_moved_rule_leads_nowhere_rather_than_failing():
    text = INGRESS + (
        "      Other:\n"
        "        Type: AWS::SNS::Topic\n"
        "        Properties: {TopicName: !Ref FromOffice}\n"
    )
    topic = normalised(text).resources["app/Other"]

    with pytest.raises(Undecided, match="not part of what was read"):
        topic.follow("TopicName")
