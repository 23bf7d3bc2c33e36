"""Examples of a rule that say what only a running account knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.policy.examples import read_examples
from analyzer.unknown import Unknown, absent

EXAMPLES = """\
Resources:
  Seen:
    Type: AWS::RDS::DBSnapshot
    Properties: {DBInstanceIdentifier: !Ref Written}
    Live: {Encrypted: true, Created: 2026-11-01T10:00:00+00:00, SharedWith: null}
  Written:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres}
"""


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    file = tmp_path / "rds.examples.yaml"
    file.write_text(EXAMPLES)
    return file


def test_a_resource_with_live_facts_is_one_of_an_account(examples: Path) -> None:
    seen, written = read_examples(examples)
    assert seen.Live
    assert seen.Live.Encrypted is True
    assert seen.Live.Created == "2026-11-01T10:00:00+00:00"
    assert absent(seen.Live.Status)
    assert seen.follow("DBInstanceIdentifier") is written


def test_a_resource_without_them_is_one_of_a_template(examples: Path) -> None:
    _, written = read_examples(examples)
    assert not written.Live
    assert isinstance(written.Live.Status, Unknown)


def test_a_fact_that_is_null_could_not_be_read(examples: Path) -> None:
    seen, _ = read_examples(examples)
    assert seen.Live.SharedWith.reason == "could not be read"


def test_places_are_those_of_the_file(examples: Path) -> None:
    _, written = read_examples(examples)
    place = written.locate(("Engine",))
    assert place is not None
    assert place.line == EXAMPLES.splitlines().index("    Properties: {Engine: postgres}") + 1
