import json
from io import BytesIO

import pytest
from yarl import URL

from martlet_client_session import FormData
from martlet_client_session._composer import RequestComposer
from martlet_client_session._headers import HeaderSections
from martlet_client_session._request_body import PayloadBody
from martlet_client_session._typedefs import JSONBytesEncoder, LooseHeaders
from martlet_client_session._upload_tracker import UploadTracker

HOST = URL("http://h/")


def composer(
    serialize_bytes: JSONBytesEncoder | None = None, skip: tuple[str, ...] = ()
) -> RequestComposer:
    return RequestComposer(HeaderSections({"X-Own": "1"}, skip), json.dumps, serialize_bytes)


def compose(
    data: object = None,
    json: object = None,
    headers: LooseHeaders | None = None,
    skip: tuple[str, ...] | None = None,
    compress: str | bool | None = None,
    chunked: bool | None = None,
    expect100: bool = False,
    tracker: UploadTracker | None = None,
    made_by: RequestComposer | None = None,
) -> tuple[object, dict[str, str]]:
    body, section = (made_by or composer()).with_body(
        HOST,
        data,  # type: ignore[arg-type]  # also what is refused
        json,
        headers,
        skip,
        compress,
        chunked,
        expect100,
        tracker,
    )
    return body, {name: value for name, value in section.items() if name not in _AUTOMATIC}


_AUTOMATIC = {"Accept", "Accept-Encoding", "User-Agent", "Host", "X-Own"}


def test_section_without_fields_of_its_own_is_shared() -> None:
    made_by = composer()
    first = made_by.section(HOST, None, None, None)
    assert made_by.section(HOST, None, None, None) is first
    assert made_by.section(HOST, None, {"X": "y"}, None)["X"] == "y"
    assert "User-Agent" not in made_by.section(HOST, None, None, ["user-agent"])


def test_bytes_share_their_section() -> None:
    made_by = composer()
    sections = [
        made_by.with_body(HOST, data, None, None, None, None, None, False, None)
        for data in (b"a", b"b")
    ]
    assert [body for body, _ in sections] == [b"a", b"b"]
    assert sections[0][1] is sections[1][1]


def test_json_is_made_by_the_function_for_bytes_if_there_is_one() -> None:
    assert compose(json=[1])[0] == b"[1]"
    made_by = composer(lambda value: f"<{value}>".encode())
    assert compose(json=[1], made_by=made_by) == (b"<[1]>", {"Content-Type": "application/json"})


def test_payload_has_its_media_type() -> None:
    body, fields = compose(BytesIO(b"ab"))
    assert isinstance(body, PayloadBody)
    assert body.length == 2
    assert fields == {"Content-Type": "application/octet-stream"}


def test_boundary_is_not_remembered() -> None:
    made_by = composer()
    for _ in range(2):
        body, fields = compose(FormData({"a": b"1"}), made_by=made_by)
        boundary = fields["Content-Type"].partition("boundary=")[2]
        assert isinstance(body, bytes)
        assert body.startswith(f"--{boundary}\r\n".encode())
    assert made_by.sections._sections == {}


@pytest.mark.parametrize("skip", [None, ("content-type",)])
def test_fields_that_are_to_be_skipped_are(skip: tuple[str, ...] | None) -> None:
    expected = {"Content-Type": "application/octet-stream"} if skip is None else {}
    assert compose(BytesIO(b"ab"), skip=skip)[1] == expected
    assert compose(b"ab", skip=skip)[1] == expected


def test_each_way_to_frame_is_heard() -> None:
    octets = {"Content-Type": "application/octet-stream"}
    compressed, fields = compose(b"a", compress="gzip")
    assert isinstance(compressed, bytes)
    assert fields == {**octets, "Content-Encoding": "gzip"}
    chunked, fields = compose(b"a", chunked=True)
    assert isinstance(chunked, PayloadBody)
    assert fields == octets
    assert compose(b"a", expect100=True) == (b"a", {**octets, "Expect": "100-continue"})
    tracked, _ = compose(b"a", tracker=UploadTracker())
    assert isinstance(tracked, PayloadBody)
    given, fields = compose(b"a", headers={"Transfer-Encoding": "chunked"})
    assert isinstance(given, PayloadBody)
    assert fields == octets


def test_no_body_is_none() -> None:
    assert compose(chunked=True) == (None, {})


def test_mistakes_of_the_caller_come_out() -> None:
    with pytest.raises(ValueError, match="cannot both be given"):
        compose(b"a", json=1)
    with pytest.raises(TypeError, match="data cannot be object"):
        compose(object())
