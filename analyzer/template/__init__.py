"""CloudFormation templates: bytes to resources."""

from analyzer.template.context import StackContext
from analyzer.template.parameter_files import read_parameters
from analyzer.template.parameters import MASK, NOT_GIVEN, SecretParameter, has_literal_default
from analyzer.template.reading import read_stack
from analyzer.template.sniff import is_template, templates_in
from analyzer.template.source import Source, beside, read_source
from analyzer.template.stack import Stack
from analyzer.template.texts import DynamicReference

__all__ = [
    "MASK",
    "NOT_GIVEN",
    "DynamicReference",
    "SecretParameter",
    "Source",
    "Stack",
    "StackContext",
    "beside",
    "has_literal_default",
    "is_template",
    "read_parameters",
    "read_source",
    "read_stack",
    "templates_in",
]
