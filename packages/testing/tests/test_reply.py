import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_testing import Answer, Fault, Handler, Reply, SeenRequest
from martlet_testing._reply import checked_reply, outcome_of

REQUEST = SeenRequest("GET", URL("http://a/"), CIMultiDictProxy(CIMultiDict()))
ANSWER = Answer()


def _function(request: SeenRequest) -> Answer:
    assert request is REQUEST
    return ANSWER


async def _coroutine_function(request: SeenRequest) -> Answer:
    return _function(request)


@pytest.mark.parametrize("reply", [ANSWER, _function, _coroutine_function])
async def test_what_comes_of_a_request_is_an_answer(reply: Reply) -> None:
    assert await outcome_of(checked_reply(reply), REQUEST) is ANSWER


async def test_what_comes_of_a_request_may_be_a_fault() -> None:
    assert await outcome_of(checked_reply(Fault.HANG), REQUEST) is Fault.HANG
    assert await outcome_of(lambda _: Fault.HANG, REQUEST) is Fault.HANG


def _raises(_request: SeenRequest) -> Answer:
    raise LookupError


@pytest.mark.parametrize("reply", [LookupError(), LookupError, _raises, lambda _: LookupError()])
async def test_exceptions_are_raised(reply: Reply) -> None:
    with pytest.raises(LookupError):
        await outcome_of(checked_reply(reply), REQUEST)


@pytest.mark.parametrize("reply", [None, "text", {"status": 200}, int, KeyboardInterrupt])
def test_what_is_no_reply_is_refused(reply: Reply) -> None:
    with pytest.raises(TypeError, match="answer"):
        checked_reply(reply)


async def test_a_handler_has_to_give_something() -> None:
    handler: Handler = lambda _: None  # type: ignore[assignment, return-value]  # noqa: E731  # a mistake
    with pytest.raises(TypeError, match=r"The handler of GET http://a/ returned a NoneType"):
        await outcome_of(handler, REQUEST)
