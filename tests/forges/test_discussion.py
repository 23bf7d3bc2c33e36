"""One comment on a pull request, whoever else writes, and however the host behaves."""

from __future__ import annotations

import time
from traceback import format_exception

import pytest

from analyzer.errors import ForgeError, UsageError
from analyzer.forges import github, gitlab
from analyzer.forges.api import told
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


def test_a_comment_that_is_deleted_meanwhile_is_written_anew(host, discussion, monkeypatch):
    host.add(FIRST)
    update = type(discussion).update

    def meanwhile(self, comment, body):
        host.comments.clear()
        update(self, comment, body)

    monkeypatch.setattr(type(discussion), "update", meanwhile)
    assert keep_one(discussion, SECOND) == "created"
    assert host.bodies() == [SECOND]


def test_of_two_comments_the_one_that_still_stands_is_kept(host, discussion, monkeypatch):
    first, second = host.add(FIRST), host.add(FIRST)
    update = type(discussion).update

    def meanwhile(self, comment, body):
        if first in host.comments:
            host.comments.remove(first)
        update(self, comment, body)

    monkeypatch.setattr(type(discussion), "update", meanwhile)
    assert keep_one(discussion, SECOND) == "updated"
    assert host.comments == [second]
    assert second["body"] == SECOND


@pytest.mark.parametrize("prefix", ["X-RateLimit", "RateLimit"])
@pytest.mark.parametrize("status", [403, 429])
def test_a_rate_limit_that_begins_anew_soon_is_waited_for(host, discussion, pauses, status, prefix):
    soon = {f"{prefix}-Remaining": "0", f"{prefix}-Reset": f"{int(time.time()) + 20}"}
    host.faults = [(status, soon)]
    keep_one(discussion, FIRST)
    assert host.bodies() == [FIRST]
    assert 10 < pauses[0] <= 20


def test_a_rate_limit_that_lasts_is_told_with_its_end_and_is_no_want_of_permission(
    host, discussion, pauses
):
    late = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1900000040"}
    host.faults = [(403, late)] * 9
    with pytest.raises(ForgeError) as caught:
        keep_one(discussion, FIRST)
    assert pauses == []
    assert told(caught.value, "see to the token").endswith("is used up until 17:47 UTC")


def test_a_second_kind_of_rate_limit_has_no_header(host, discussion, pauses):
    host.reason = {"message": "You have exceeded a secondary rate limit."}
    host.faults = [(403, {})]
    keep_one(discussion, FIRST)
    assert pauses == [60.0]


@pytest.mark.parametrize(
    ("status", "hinted"), [(401, True), (403, True), (404, True), (422, False)]
)
def test_only_a_want_of_permission_speaks_of_the_token(host, discussion, status, hinted):
    host.faults = [(status, {})] * 9
    with pytest.raises(ForgeError) as caught:
        keep_one(discussion, FIRST)
    assert told(caught.value, "see to the token").endswith("see to the token") is hinted


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"message": "Validation Failed", "errors": [{"message": "Body is too long"}]}, "too long"),
        ({"message": {"note": ["is blank"]}}, "is blank"),
        ({"error": "insufficient_scope", "error_description": "asks for more"}, "asks for more"),
        ({"message": "no", "errors": ["one", {"code": "x"}, 3, None]}, r"no: one: 3\)"),
        ([], "answered 422$"),
    ],
)
def test_the_reason_is_told_in_whatever_form_it_comes(host, discussion, answer, words):
    host.reason = answer
    host.faults = [(422, {})] * 9
    with pytest.raises(ForgeError, match=words):
        keep_one(discussion, FIRST)


@pytest.mark.parametrize("user", [[], ["x"], {"name": "x"}, {"login": 3, "username": None}])
def test_an_odd_answer_to_who_we_are_is_one_line(host, request_of, pauses, user):
    host.user = user or {"other": 1}
    with pytest.raises(ForgeError, match="no user"):
        keep_one(request_of(host, pauses), FIRST)


def test_what_is_no_json_is_one_line(host, discussion):
    host.reason = "<html>"
    host.faults = [(200, {})] * 9
    with pytest.raises(ForgeError, match="did not answer with JSON"):
        keep_one(discussion, FIRST)
