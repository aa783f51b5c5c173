import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_testing import SeenRequest
from martlet_testing._call_assertions import demand_called, times_text

CALL = SeenRequest("GET", URL("http://a/b"), CIMultiDictProxy(CIMultiDict()))


@pytest.mark.parametrize(("calls", "times"), [([CALL], None), ([CALL], 1), ([], 0)])
def test_it_lets_pass_what_is_right(calls: list[SeenRequest], times: int | None) -> None:
    demand_called("It", calls, times, calls)


@pytest.mark.parametrize(
    ("calls", "times", "every", "text"),
    [
        ([], None, [], "It was called never.\nThere was no call at all."),
        ([], 2, [CALL], "It was called never, not 2 times.\nAll calls:\n  GET http://a/b"),
        ([CALL], 0, [CALL], "It was called once, not never.\nAll calls:\n  GET http://a/b"),
    ],
)
def test_it_says_what_there_was(
    calls: list[SeenRequest], times: int | None, every: list[SeenRequest], text: str
) -> None:
    with pytest.raises(AssertionError) as caught:
        demand_called("It", calls, times, every)
    assert str(caught.value) == text


def test_numbers_have_words() -> None:
    assert [*map(times_text, range(3))] == ["never", "once", "2 times"]
