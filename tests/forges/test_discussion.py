"""One comment on a pull request, whoever else writes, and however the host behaves."""

from __future__ import annotations

from traceback import format_exception

import pytest

from analyzer.errors import ForgeError, UsageError
from analyzer.forges import github, gitlab
from analyzer.forges.discussion import keep_one
from analyzer.forges.mark import mark, marked, renamed
from tests.forges.fake_host import REPOSITORY, TOKEN, serving

FIRST = f"first\n\n{mark('assay')}\n"
SECOND = f"second\n\n{mark('assay')}\n"


@pytest.fixture
def host():
    with serving() as host:
        yield host


@pytest.fixture
def pauses():
    return []


def pull(host, pauses):
    api = github.api(host.url, TOKEN, wait=pauses.append)
    return github.PullRequest(api, REPOSITORY, 7)


def merge(host, pauses, **options):
    return gitlab.MergeRequest(gitlab.api(host.url, TOKEN, wait=pauses.append, **options), "42", 7)


@pytest.fixture(params=[pull, merge], ids=["github", "gitlab"])
def request_of(request):
    return request.param


@pytest.fixture
def discussion(host, pauses, request_of):
    if request_of is merge:
        host.user = {"username": host.writer}
    return request_of(host, pauses)


def test_written_twice_it_is_one_comment_with_the_second_text(host, discussion):
    assert keep_one(discussion, FIRST) == "created"
    assert keep_one(discussion, SECOND) == "updated"
    assert host.bodies() == [SECOND]


def test_it_is_found_on_a_later_page(host, discussion):
    for number in range(205):
        host.add(f"talk {number}", "somebody")
    mine = host.add(FIRST)
    host.add("talk", "somebody")

    keep_one(discussion, SECOND)
    assert mine["body"] == SECOND
    assert len(host.comments) == 207


def test_a_copied_mark_of_somebody_else_is_left_alone(host, discussion):
    theirs = host.add(FIRST, "mallory")

    assert keep_one(discussion, SECOND) == "created"
    assert theirs["body"] == FIRST
    assert host.bodies() == [FIRST, SECOND]


def test_a_quoted_mark_is_no_mark(host, discussion):
    host.add(f"as it said: {mark('assay')} and more")
    assert keep_one(discussion, FIRST) == "created"


def test_comments_of_other_names_stand_beside_it(host, discussion):
    keep_one(discussion, renamed(FIRST, "network"))
    keep_one(discussion, FIRST)
    assert [marked(body) for body in host.bodies()] == [mark("network"), mark("assay")]


def test_duplicates_are_removed_and_the_oldest_stays(host, discussion):
    oldest = host.add(FIRST)
    host.add(FIRST)
    host.add(FIRST)

    keep_one(discussion, SECOND)
    assert host.comments == [oldest]


def test_two_runs_at_once_leave_one(host, discussion, monkeypatch):
    create = type(discussion).create

    def late(self, body):
        host.add(FIRST)  # the other run was first, after we had looked
        return create(self, body)

    monkeypatch.setattr(type(discussion), "create", late)
    keep_one(discussion, SECOND)
    assert host.bodies() == [SECOND]


def test_what_the_other_run_has_removed_already_is_no_fault(host, discussion, monkeypatch):
    host.add(FIRST)
    second = host.add(FIRST)
    update = type(discussion).update

    def meanwhile(self, comment, body):
        host.comments.remove(second)
        update(self, comment, body)

    monkeypatch.setattr(type(discussion), "update", meanwhile)
    keep_one(discussion, SECOND)
    assert host.bodies() == [SECOND]


def test_a_token_of_another_application_learns_who_it_is(host, pauses):
    host.writer = "our-app[bot]"
    host.add(FIRST)

    keep_one(pull(host, pauses), SECOND)
    assert host.bodies() == [SECOND]


def test_a_token_of_a_user_says_whose_it_is(host, pauses):
    host.writer = "robot"
    host.user = {"login": "robot"}
    host.add(FIRST)

    keep_one(pull(host, pauses), SECOND)
    assert not any(asked.startswith("POST") for asked in host.asked)


def test_a_job_token_that_may_not_ask_who_it_is_keeps_one_too(host, pauses):
    host.writer = "project_42_bot"
    keep_one(merge(host, pauses, job=True), FIRST)
    keep_one(merge(host, pauses, job=True), SECOND)
    assert host.bodies() == [SECOND]
    assert host.tokens == {TOKEN}


def test_a_fault_that_passes_is_waited_for(host, discussion, pauses):
    host.faults = [(502, {}), (503, {}), (429, {"Retry-After": "7"})]
    keep_one(discussion, FIRST)
    assert host.bodies() == [FIRST]
    assert pauses == [1.0, 2.0, 7.0]


def test_a_rate_limit_is_waited_for_but_not_for_hours(host, discussion, pauses):
    host.faults = [(403, {"Retry-After": "86400"})]
    keep_one(discussion, FIRST)
    assert pauses == [60.0]


def test_a_fault_that_stays_is_one_line(host, discussion, pauses):
    host.faults = [(502, {})] * 4
    with pytest.raises(ForgeError, match="answered 502") as caught:
        keep_one(discussion, FIRST)
    assert "\n" not in str(caught.value)
    assert host.comments == []


def test_a_token_that_only_reads_is_refused_at_once(host, discussion, pauses):
    host.read_only = True
    with pytest.raises(ForgeError, match="answered 403 \\(Resource not accessible"):
        keep_one(discussion, FIRST)
    assert pauses == []


def test_the_token_is_in_nobodys_words(host, discussion):
    host.faults = [(418, {})]  # the fake host says it back
    with pytest.raises(ForgeError) as caught:
        keep_one(discussion, FIRST)
    assert "***" in str(caught.value)
    assert TOKEN not in "".join(format_exception(caught.value))
    assert TOKEN not in repr(discussion)


def test_a_redirect_is_not_followed_and_takes_no_token(host, discussion):
    with serving() as other:
        host.faults = [(307, {"Location": other.url})]
        with pytest.raises(ForgeError, match="answered 307"):
            keep_one(discussion, FIRST)
        assert other.asked == []


@pytest.mark.parametrize("url", ["http://example.com", "file:///etc", "https://", "https://[x", ""])
def test_an_address_without_tls_is_refused(url):
    with pytest.raises(UsageError, match="https://"):
        github.api(url, TOKEN)


@pytest.mark.parametrize("token", ["", "a\nb", "é"])
def test_a_token_that_no_header_holds_is_refused_and_not_shown(token):
    with pytest.raises(UsageError, match="token") as caught:
        gitlab.api("https://gitlab.example.com/api/v4", token)
    assert not token or token not in str(caught.value)


def test_nobody_listening_is_one_line(pauses):
    with serving() as gone:
        pass
    with pytest.raises(ForgeError, match="cannot be reached") as caught:
        keep_one(pull(gone, pauses), FIRST)
    assert len(pauses) == 3
    assert "\n" not in str(caught.value)


def test_an_answer_that_is_no_comment_is_one_line(host, discussion):
    host.comments.append("nonsense")
    with pytest.raises(ForgeError, match="no comment"):
        keep_one(discussion, FIRST)
