import builtins
import io
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from martlet_client_session import _payload_registry
from martlet_client_session._async_payload import AsyncIterablePayload, StreamReaderPayload
from martlet_client_session._bytes_payload import BytesPayload, StringIOPayload, StringPayload
from martlet_client_session._io_payload import (
    BufferedReaderPayload,
    BytesIOPayload,
    IOBasePayload,
    TextIOPayload,
)
from martlet_client_session._payload import Payload
from martlet_client_session._payload_registry import (
    PAYLOAD_REGISTRY,
    LookupError,  # noqa: A004  # aiohttp's name
    Order,
    PayloadRegistry,
    get_payload,
    payload_type,
    register_payload,
)
from martlet_client_session._stream_reader import StreamReader


class Flow:
    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def generate() -> AsyncGenerator[bytes]:
    yield b""


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", BytesPayload),
        (bytearray(), BytesPayload),
        (memoryview(b""), BytesPayload),
        ("", StringPayload),
        (io.StringIO(), StringIOPayload),
        (io.BytesIO(), BytesIOPayload),
        (StreamReader(Flow(), 1), StreamReaderPayload),
        (generate(), AsyncIterablePayload),
    ],
)
def test_each_type_has_its_payload(data: object, kind: type[Payload]) -> None:
    payload = get_payload(data, content_type="a/b", disposition=None)
    assert type(payload) is kind
    assert payload.content_type == "a/b"
    assert get_payload(payload) is payload


def test_files_have_theirs(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.touch()
    with (
        path.open("rb") as reader,
        path.open("r+b") as both,
        path.open("rb", buffering=0) as raw,
        path.open() as text,
        tempfile.SpooledTemporaryFile() as spooled,
    ):
        kinds = [type(get_payload(file)) for file in (reader, both, raw, text, spooled)]
    assert kinds == [
        BufferedReaderPayload,
        BufferedReaderPayload,
        IOBasePayload,
        TextIOPayload,
        IOBasePayload,
    ]


def test_named_temporary_files_are_files() -> None:
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(b"abc")
        file.seek(1)
        payload = get_payload(file, disposition=None)
        assert (type(payload), payload.size) == (BufferedReaderPayload, 2)
        assert payload.filename == Path(file.name).name
    with tempfile.NamedTemporaryFile("w+") as text:
        assert type(get_payload(text)) is TextIOPayload


@pytest.mark.parametrize("data", [3, None, object(), [b""]])
def test_there_is_none_for_the_rest(data: object) -> None:
    with pytest.raises(LookupError, match=f"no payload for {type(data).__name__}") as raised:
        get_payload(data)
    assert isinstance(raised.value, builtins.LookupError)


def test_not_all_that_is_temporary_is_a_file() -> None:
    class Other:
        file = "no"

    Other.__module__ = "tempfile"
    with pytest.raises(LookupError):
        get_payload(Other())


class Base:
    pass


class Derived(Base):
    pass


class One(BytesPayload):
    def __init__(self, value: object, *args: object) -> None:
        super().__init__(b"")
        self.args = args


class Two(One):
    pass


class Three(One):
    pass


def test_the_order_decides() -> None:
    registry = PayloadRegistry()
    registry.register(One, object, order=Order.try_last)
    assert type(registry.get(Derived())) is One
    registry.register(Two, Base)
    assert [type(registry.get(data)) for data in (Derived(), Base(), 1)] == [Two, Two, One]
    registry.register(Three, Derived)
    assert type(registry.get(Derived())) is Three
    registry.register(One, (Base, int), order=Order.try_first)
    assert [type(registry.get(data)) for data in (Derived(), Base(), 1)] == [One, One, One]
    assert type(registry.get("neither")) is One
    payload = registry.get(1, 2, 3)
    assert isinstance(payload, One)
    assert payload.args == (2, 3)


def test_of_those_for_the_very_type_the_last_one_counts() -> None:
    registry = PayloadRegistry()
    registry.register(One, (Base, int))
    registry.register(Two, Base)
    assert [type(registry.get(data)) for data in (Base(), 1)] == [Two, One]
    assert type(registry.get(Derived())) is One


def test_the_session_is_told_by_decoration(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = PayloadRegistry()
    monkeypatch.setattr(_payload_registry, "PAYLOAD_REGISTRY", registry)

    @payload_type(Base, order=Order.try_last)
    class Mine(One):
        pass

    assert type(get_payload(Derived())) is Mine
    register_payload(Two, Derived)
    assert type(get_payload(Derived())) is Two
    with pytest.raises(LookupError):
        PAYLOAD_REGISTRY.get(Derived())


def test_orders_are_strings() -> None:
    assert [str(order) for order in Order] == ["normal", "try_first", "try_last"]
    registry = PayloadRegistry()
    registry.register(One, Base, order="try_first")  # type: ignore[arg-type]  # works as well
    assert type(registry.get(Base())) is One
    with pytest.raises(ValueError, match="'never' is not a valid Order"):
        registry.register(One, Base, order="never")  # type: ignore[arg-type]  # that is the point
