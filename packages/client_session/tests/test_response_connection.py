from martlet_client_session._response_connection import ResponseConnection

from .scripted import ScriptedExchange


class Known(ScriptedExchange):
    def __init__(self) -> None:
        pass

    def info(self, name: str, /) -> object | None:
        return {"peername": ("127.0.0.1", 80)}.get(name)


def test_facts_are_told() -> None:
    connection = ResponseConnection(Known())
    assert connection.get_extra_info("peername") == ("127.0.0.1", 80)
    assert connection.get_extra_info("cipher") is None
    assert connection.get_extra_info("cipher", "none") == "none"
    assert connection.transport is None
    assert repr(connection) == "<ResponseConnection ('127.0.0.1', 80)>"
