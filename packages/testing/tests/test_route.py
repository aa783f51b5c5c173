import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_testing import Answer, Fault, Reply, Route, SeenRequest
from martlet_testing._criteria import Criteria


def route(*replies: Reply, times: int | None = None, required: bool = True) -> Route:
    return Route(Criteria("GET", "/users/{id}", {}), replies, times, required)


def request(path: str = "/users/7") -> SeenRequest:
    return SeenRequest("GET", URL(f"http://a{path}"), CIMultiDictProxy(CIMultiDict()))


def test_what_was_added_first_comes_first_and_the_last_stays() -> None:
    first, second = Answer(500), Fault.REFUSED
    subject = route(first).answer(second).respond(201, text="made")
    replies = [subject.take(request())[1] for _ in range(4)]
    assert replies[:2] == [first, second]
    assert replies[2] is replies[3]
    assert isinstance(replies[3], Answer)
    assert (replies[3].status, replies[3].body) == (201, b"made")


def test_without_an_answer_it_answers_200() -> None:
    _, reply = route().take(request())
    assert isinstance(reply, Answer)
    assert (reply.status, reply.body) == (200, b"")


def test_it_is_a_decorator() -> None:
    subject = route()

    @subject
    def handler(_request: SeenRequest) -> Answer:
        return Answer(404)

    assert subject.take(request())[1] is handler
    assert handler(request()).status == 404


def test_it_keeps_its_calls_with_their_parameters() -> None:
    subject = route()
    seen, _ = subject.take(request("/users/8"))
    assert subject.calls == [seen]
    assert seen.path_params == {"id": "8"}
    assert (subject.called, subject.call_count) == (True, 1)
    subject.reset()
    assert (subject.called, subject.call_count, subject.calls) == (False, 0, [])


def test_reset_begins_again_with_the_first_answer() -> None:
    subject = route(Fault.HANG, Fault.REFUSED, times=2)
    assert [subject.take(request())[1] for _ in range(2)] == [Fault.HANG, Fault.REFUSED]
    assert subject.exhausted
    subject.reset()
    assert subject.differences(request()) == []
    assert subject.take(request())[1] is Fault.HANG


def test_it_answers_as_often_as_it_may() -> None:
    subject = route(times=1)
    assert subject.differences(request()) == []
    assert subject.is_for("GET", URL("http://a/users/7"))
    assert not subject.is_for("PUT", URL("http://a/users/7"))
    subject.take(request())
    assert subject.differences(request()) == ["it has answered once, as often as it may"]
    assert not subject.is_for("GET", URL("http://a/users/7"))
    with pytest.raises(ValueError, match="times is 1 or more, not 0"):
        route(times=0)


def test_assertions_look_at_its_calls() -> None:
    subject = route()
    subject.assert_not_called()
    with pytest.raises(AssertionError, match=r"GET /users/\{id\} was called never"):
        subject.assert_called()
    subject.take(request())
    subject.assert_called()
    subject.assert_called(1)
    subject.assert_called_once()
    with pytest.raises(AssertionError, match="was called once, not never"):
        subject.assert_not_called()
    with pytest.raises(AssertionError, match="was called once, not 2 times"):
        subject.assert_called(2)


def test_it_says_what_is_missing() -> None:
    assert route().missing == "GET /users/{id} was never called"
    assert route(required=False).missing == ""
    subject = route(times=2)
    subject.take(request())
    assert subject.missing == "GET /users/{id} was called once, not 2 times"
    subject.take(request())
    assert subject.missing == ""


def test_what_is_no_reply_is_refused() -> None:
    with pytest.raises(TypeError, match="not with a str"):
        route("text")  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match="not with a dict"):
        route().answer({})  # type: ignore[arg-type]  # a mistake


def test_it_says_what_it_is() -> None:
    assert repr(route()) == "<Route GET /users/{id}, called never>"
