import pytest

from martlet_client_session._back_pressure import pause, resume

from .scripted import FlowRecorder


class Protocol:
    """A protocol in the manner of aiohttp's, which has more methods than it needs."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def pause_reading(self) -> None:
        self.calls.append("pause_reading")

    def resume_reading(self) -> None:
        self.calls.append("resume_reading")

    def pause(self) -> None:
        self.calls.append("something else")

    resume = pause


def test_flow_is_paused_and_resumed() -> None:
    flow = FlowRecorder()
    pause(flow)
    resume(flow)
    assert flow.calls == ["pause", "resume"]


def test_protocol_is_paused_and_resumed_as_an_asyncio_transport_is() -> None:
    protocol = Protocol()
    pause(protocol)
    resume(protocol)
    assert protocol.calls == ["pause_reading", "resume_reading"]


@pytest.mark.parametrize("stub", [None, object()])
def test_stub_without_such_methods_is_left_alone(stub: object) -> None:
    pause(stub)
    resume(stub)
