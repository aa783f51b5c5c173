"""Each text that goes into bodies: forms, multipart bodies, payloads."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import martlet
from martlet import FormData, MultipartWriter

from .injection_bench import Bench, Case

__all__ = ["body_cases"]

_Make = Callable[[str], object]


def _form(*arguments: Any, **options: Any) -> FormData:
    form = FormData(default_to_multipart=True)
    form.add_field(*arguments, **options)
    return form


def _multipart(text: str, method: str, *arguments: Any, subtype: str = "mixed") -> MultipartWriter:
    writer = MultipartWriter(subtype)
    getattr(writer, method)(*arguments)
    writer.append("end")
    return writer


def _with_part(part: martlet.Payload, subtype: str = "mixed") -> MultipartWriter:
    return _multipart("", "append_payload", part, subtype=subtype)


def _disposed(text: str, **options: Any) -> MultipartWriter:
    part = martlet.BytesPayload(b"1")
    part.set_content_disposition(options.pop("disptype", "attachment"), **options)
    return _with_part(part)


def _changed(text: str, name: str | None = None) -> MultipartWriter:
    part = martlet.BytesPayload(b"1")
    part.headers[name or text] = "1" if name is None else text
    return _with_part(part)


_FORMS: Final[dict[tuple[str, str], _Make]] = {
    ("FormData(fields)", "name"): lambda text: FormData({text: "1"}),
    ("FormData(fields)", "value"): lambda text: FormData({"a": text}),
    ("FormData(fields)", "name in pairs"): lambda text: FormData([(text, "1"), ("b", "2")]),
    ("FormData(charset)", ""): lambda text: FormData({"a": "ä"}, charset=text),
    ("FormData(charset)", "of parts"): lambda text: FormData(
        {"a": "ä"}, charset=text, default_to_multipart=True
    ),
    ("FormData.add_field(name)", ""): lambda text: _form(text, "1"),
    ("FormData.add_field(name)", "of a file"): lambda text: _form(text, io.BytesIO(b"1")),
    ("FormData.add_field(name)", "as it is"): lambda text: _unquoted(text, "f.txt"),
    ("FormData.add_field(value)", ""): lambda text: _form("a", text),
    ("FormData.add_field(content_type)", ""): lambda text: _form("a", "1", content_type=text),
    ("FormData.add_field(filename)", ""): lambda text: _form("a", b"1", filename=text),
    ("FormData.add_field(filename)", "as it is"): lambda text: _unquoted("a", text),
    ("FormData.add_field(filename)", "of a file"): lambda text: _form("a", _Named(text)),
    ("FormData.add_field(content_transfer_encoding)", ""): lambda text: _form(
        "a", "1", content_transfer_encoding=text
    ),
    ("FormData.add_fields(fields)", ""): lambda text: _fields((text, "1"), ("b", text)),
    ("FormData.add_fields(fields)", "in a mapping"): lambda text: _fields({text: text}),
}


class _Named(io.BytesIO):
    def __init__(self, name: str) -> None:
        super().__init__(b"1")
        self.name = name


def _unquoted(name: str, filename: str) -> FormData:
    form = FormData(quote_fields=False)
    form.add_field(name, b"1", filename=filename)
    return form


def _fields(*fields: Any) -> FormData:
    form = FormData(default_to_multipart=True)
    form.add_fields(*fields)
    return form


_MULTIPART: Final[dict[tuple[str, str], _Make]] = {
    ("MultipartWriter(subtype)", ""): lambda text: _multipart("", "append", "1", subtype=text),
    ("MultipartWriter(boundary)", ""): lambda text: MultipartWriter(boundary=text),
    ("MultipartWriter(boundary)", "with blanks"): lambda text: MultipartWriter(boundary=text),
    ("MultipartWriter.append(obj)", ""): lambda text: _multipart("", "append", text),
    ("MultipartWriter.append(headers)", "name"): lambda text: _multipart(
        "", "append", "1", {text: "1"}
    ),
    ("MultipartWriter.append(headers)", "value"): lambda text: _multipart(
        "", "append", "1", {"X-A": text}
    ),
    ("MultipartWriter.append(headers)", "Content-Type"): lambda text: _multipart(
        "", "append", "1", {"Content-Type": text}
    ),
    ("MultipartWriter.append_json(obj)", ""): lambda text: _multipart("", "append_json", {text: 1}),
    ("MultipartWriter.append_json(headers)", ""): lambda text: _multipart(
        "", "append_json", 1, {"X-A": text}
    ),
    ("MultipartWriter.append_form(obj)", ""): lambda text: _multipart(
        "", "append_form", {text: text}
    ),
    ("MultipartWriter.append_form(headers)", ""): lambda text: _multipart(
        "", "append_form", {"a": "1"}, {"X-A": text}
    ),
    ("MultipartWriter.append_payload(payload)", "name of a changed field"): _changed,
    ("MultipartWriter.append_payload(payload)", "value of a changed field"): lambda text: _changed(
        text, "X-A"
    ),
    ("Payload.set_content_disposition(disptype)", ""): lambda text: _disposed("", disptype=text),
    ("Payload.set_content_disposition(params)", "name"): lambda text: _disposed("", **{text: "1"}),
    ("Payload.set_content_disposition(params)", "value"): lambda text: _disposed("", name=text),
    ("Payload.set_content_disposition(params)", "filename"): lambda text: _disposed(
        "", filename=text
    ),
    ("Payload.set_content_disposition(params)", "of a form"): lambda text: _disposed(
        "", disptype="form-data", name=text, filename=text
    ),
    ("Payload.set_content_disposition(params)", "as it is"): lambda text: _disposed(
        "", filename=text, quote_fields=False
    ),
    ("Payload.set_content_disposition(_charset)", ""): lambda text: _disposed(
        "", filename="ä", _charset=text
    ),
}


async def _pieces() -> Any:
    yield b"1"


def _reader() -> martlet.StreamReader:
    reader = martlet.StreamReader(None, 2**16)
    reader.feed_data(b"1")
    reader.feed_eof()
    return reader


def _dumped(value: object) -> bytes:
    return json.dumps(value).encode()


class _OwnPayload(martlet.Payload):
    """A kind of the user's."""

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Give it as text."""
        return "1"

    async def write(self, writer: martlet.AbstractStreamWriter) -> None:
        """Write it."""
        await writer.write(b"1")


# How each kind is made of something harmless.
_PAYLOADS: Final[dict[str, Callable[..., martlet.Payload]]] = {
    "AsyncIterablePayload": lambda **o: martlet.AsyncIterablePayload(_pieces(), **o),
    "BufferedReaderPayload": lambda **o: martlet.BufferedReaderPayload(
        io.BufferedReader(io.BytesIO(b"1")), **o
    ),
    "BytesIOPayload": lambda **o: martlet.BytesIOPayload(io.BytesIO(b"1"), **o),
    "BytesPayload": lambda **o: martlet.BytesPayload(b"1", **o),
    "IOBasePayload": lambda **o: martlet.IOBasePayload(io.BytesIO(b"1"), **o),
    "JsonBytesPayload": lambda **o: martlet.JsonBytesPayload(1, _dumped, **o),
    "JsonPayload": lambda **o: martlet.JsonPayload(1, **o),
    "Payload": lambda **o: _OwnPayload(1, **o),
    "StreamReaderPayload": lambda **o: martlet.StreamReaderPayload(_reader(), **o),
    "StringIOPayload": lambda **o: martlet.StringIOPayload(io.StringIO("1"), **o),
    "StringPayload": lambda **o: martlet.StringPayload("1", **o),
    "TextIOPayload": lambda **o: martlet.TextIOPayload(
        io.TextIOWrapper(io.BytesIO(b"1"), encoding="utf-8"), **o
    ),
    "get_payload": lambda **o: martlet.get_payload(b"1", **o),
}
_OPTIONS: Final[dict[tuple[str, str], Callable[[str], dict[str, Any]]]] = {
    ("content_type", ""): lambda text: {"content_type": text},
    ("filename", ""): lambda text: {"filename": f"{text}.txt"},
    ("headers", "name"): lambda text: {"headers": {text: "1"}},
    ("headers", "value"): lambda text: {"headers": {"X-A": text}},
    ("headers", "Content-Type"): lambda text: {"headers": {"Content-Type": text}},
    ("encoding", ""): lambda text: {"encoding": text},
    ("disposition", ""): lambda text: {"disposition": text, "filename": "f.txt"},
}
_VALUES: Final[dict[str, _Make]] = {
    "JsonPayload(value)": lambda text: martlet.JsonPayload({text: text}),
    "JsonPayload(dumps)": lambda text: martlet.JsonPayload(
        1, dumps=lambda _: text, content_type="text/x"
    ),
    "JsonBytesPayload(value)": lambda text: martlet.JsonBytesPayload({"a": text}, _dumped),
    "JsonBytesPayload(dumps)": lambda text: martlet.JsonBytesPayload(
        1, lambda _: text.encode(), content_type="text/x"
    ),
    "StringPayload(value)": martlet.StringPayload,
    "StringIOPayload(value)": lambda text: martlet.StringIOPayload(io.StringIO(text)),
    "get_payload(data)": martlet.get_payload,
}
_TEXTS: Final = {
    "FormData(charset)": "utf-8",
    "Payload.set_content_disposition(_charset)": "utf-8",
    "encoding": "utf-8",
    "FormData.add_field(content_transfer_encoding)": "binary",
    "FormData.add_field(content_type)": "text/plain",
    "content_type": "text/plain",
}


def _sending(make: _Make) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        async with bench.session() as session:
            data: Any = make(text)
            async with session.post(bench.url, data=data) as response:
                await response.read()

    return attempt


def body_cases() -> Iterator[Case]:
    """Give what is said of bodies, each sent as the body of a request, and as a part of one."""
    for (where, part), make in (_FORMS | _MULTIPART).items():
        yield Case(where, part, _sending(make), _TEXTS.get(where, "value"))
    for kind, made in _PAYLOADS.items():
        for (parameter, part), options in _OPTIONS.items():
            text = _TEXTS.get(parameter, "value")
            where = f"{kind}({parameter})"

            def whole(text: str, made: Any = made, options: Any = options) -> object:
                return made(**options(text))

            def as_part(text: str, made: Any = made, options: Any = options) -> object:
                return _with_part(made(**options(text)))

            def in_form(text: str, made: Any = made, options: Any = options) -> object:
                return _form("a", made(**options(text)))

            yield Case(where, f"{part} of a body", _sending(whole), text)
            yield Case(where, f"{part} of a part", _sending(as_part), text)
            yield Case(where, f"{part} in a form", _sending(in_form), text)
    for where, make in _VALUES.items():
        yield Case(where, "", _sending(make))
