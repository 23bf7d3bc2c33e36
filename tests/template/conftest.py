from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent, indent
from typing import Any

import pytest

from analyzer.template import Stack, StackContext, read_stack
from analyzer.unknown import ABSENT

Read = Callable[..., Stack]
Value = Callable[..., Any]

# What the expressions under test refer to: known, open, conditional and secret things.
SURROUNDINGS = """\
Parameters:
  Stage: {Type: String, Default: test}
  Open: {Type: String}
  Size: {Type: String, AllowedValues: [small, large]}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  OpenNames: {Type: CommaDelimitedList}
  Password: {Type: String, NoEcho: true, Default: example-password}
Mappings:
  Sizes:
    small: {Class: db.t3.micro, Zones: [a, b], Count: 1}
    large: {Class: db.m5.large, Zones: [a, b, c], Count: 2}
Conditions:
  IsTest: !Equals [!Ref Stage, test]
  IsProduction: !Not [{Condition: IsTest}]
  IsOpen: !Equals [!Ref Open, 'yes']
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Never: {Type: AWS::SNS::Topic, Condition: IsProduction}
  Made: {Type: Custom::Maker, Properties: {ServiceToken: x}}
  Subject:
    Type: Custom::Subject
    Properties:
      Value:
"""


@pytest.fixture(scope="session")
def read() -> Read:
    """Read a template's text."""

    def reads(text: str, **context: Any) -> Stack:
        context.setdefault("name", "app")
        return read_stack(("app.yaml", dedent(text).encode()), StackContext(**context))

    return reads


@pytest.fixture(scope="session")
def value(read: Read) -> Value:
    """What an expression stands for; ABSENT where it stands for nothing."""

    def valued(expression: str, **context: Any) -> Any:
        stack = read(SURROUNDINGS + indent(dedent(expression), " " * 8), **context)
        subject = next(resource for resource in stack.resources if resource.id == "Subject")
        return subject.properties.get("Value", ABSENT)

    return valued
