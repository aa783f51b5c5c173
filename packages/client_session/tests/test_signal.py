from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from martlet_client_session._signal import Signal

Receiver = Callable[[str], Awaitable[None]]


class Recorder:
    def __init__(self) -> None:
        self.heard: list[str] = []

    async def first(self, text: str) -> None:
        self.heard.append(f"first {text}")

    async def second(self, text: str) -> None:
        self.heard.append(f"second {text}")


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def signal(recorder: Recorder) -> Signal[Receiver]:
    signal: Signal[Receiver] = Signal("on_something")
    signal.append(recorder.first)
    return signal


def test_it_is_a_list_of_receivers(signal: Signal[Receiver], recorder: Recorder) -> None:
    assert signal
    assert len(signal) == 1
    assert recorder.first in signal
    assert recorder.second not in signal
    signal.insert(0, recorder.second)
    assert list(signal) == signal[:] == [recorder.second, recorder.first]
    assert signal[-1] == recorder.first
    signal.remove(recorder.second)
    signal[0] = recorder.second
    signal.extend([recorder.first])
    assert list(signal) == [recorder.second, recorder.first]
    signal[1:] = [recorder.second] * 2
    assert list(signal) == [recorder.second] * 3
    del signal[:2]
    assert signal.pop() == recorder.second
    assert not signal
    signal += [recorder.first]
    signal.clear()
    assert list(signal) == []


@pytest.mark.parametrize("wrong", [None, 5, "receiver"])
def test_what_cannot_be_called_is_refused(signal: Signal[Any], wrong: object) -> None:
    before = list(signal)
    changes: list[Callable[[], object]] = [
        lambda: signal.append(wrong),
        lambda: signal.insert(0, wrong),
        lambda: signal.__setitem__(0, wrong),
        lambda: signal.__setitem__(slice(0), [wrong]),
        lambda: signal.extend([wrong]),
    ]
    for change in changes:
        with pytest.raises(TypeError, match=f"on_something takes .* not {type(wrong).__name__}"):
            change()
    assert list(signal) == before


async def test_all_are_called_in_order(signal: Signal[Receiver], recorder: Recorder) -> None:
    signal.append(recorder.second)
    signal.freeze()
    await signal.send("a")
    await signal.send("b")
    assert recorder.heard == ["first a", "second a", "first b", "second b"]


async def test_what_one_raises_comes_out(signal: Signal[Receiver], recorder: Recorder) -> None:
    async def fail(_text: str) -> None:
        raise LookupError("mine")

    signal.append(fail)
    signal.append(recorder.second)
    signal.freeze()
    with pytest.raises(LookupError, match="mine"):
        await signal.send("a")
    assert recorder.heard == ["first a"]


async def test_it_is_frozen_before_it_is_sent(signal: Signal[Receiver], recorder: Recorder) -> None:
    assert not signal.frozen
    with pytest.raises(RuntimeError, match=r"on_something cannot be sent .* freeze\(\)"):
        await signal.send("a")
    assert recorder.heard == []
    signal.freeze()
    signal.freeze()
    assert signal.frozen


def test_frozen_it_takes_no_change(signal: Signal[Receiver], recorder: Recorder) -> None:
    signal.append(recorder.second)
    signal.freeze()
    changes: list[Callable[[], object]] = [
        lambda: signal.append(recorder.first),
        lambda: signal.insert(0, recorder.first),
        lambda: signal.remove(recorder.first),
        lambda: signal.extend([recorder.first]),
        lambda: signal.__setitem__(0, recorder.second),
        lambda: signal.__setitem__(slice(1), []),
        lambda: signal.__delitem__(0),
        signal.clear,
        signal.pop,
        signal.reverse,
    ]
    for change in changes:
        with pytest.raises(RuntimeError, match="on_something is frozen and cannot be changed"):
            change()
    assert list(signal) == [recorder.first, recorder.second]


def test_repr(signal: Signal[Receiver], recorder: Recorder) -> None:
    assert repr(signal) == f"<Signal on_something [{recorder.first!r}]>"
    signal.clear()
    signal.freeze()
    assert repr(signal) == "<Signal on_something [], frozen>"
