"""One call at a time: what pages, what does not, and a list that goes on elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from analyzer.account.collector import Call
from analyzer.account.failures import Failure
from analyzer.account.reader import Reader
from analyzer.account.sessions import Account


class OnePage:
    """A client of a service without paginators."""

    def __init__(self, answer):
        self.answer = answer

    def can_paginate(self, method):
        return False

    def list_things(self, **_):
        return self.answer


class Clients:
    age = 0

    def __init__(self, client):
        self.client = client

    def of(self, service, region):
        return self.client


def read(answer):
    with ThreadPoolExecutor(1) as calls:
        reader = Reader(Account("123456789012"), "us-east-1", Clients(OnePage(answer)), calls)
        return reader.pages(Call("things", "ListThings", "Things[]"), {})


def test_an_answer_that_is_whole_is_one_page():
    assert read({"Things": ["a"], "NextToken": ""}) == [{"Things": ["a"], "NextToken": ""}]


@pytest.mark.parametrize("token", ["NextToken", "nextToken", "NextMarker"])
def test_a_list_that_goes_on_is_a_failure_not_a_short_list(token):
    with pytest.raises(Failure, match="ListThings answered MorePages"):
        read({"Things": ["a"], token: "more"})
