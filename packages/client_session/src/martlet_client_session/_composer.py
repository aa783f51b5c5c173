"""From what the caller gives to the header section and the body of a request."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from multidict import CIMultiDictProxy, istr
from yarl import URL

from ._body import make_body
from ._headers import HeaderSections
from ._typedefs import JSONBytesEncoder, JSONEncoder, LooseHeaders

if TYPE_CHECKING:
    from ._payload import Payload
    from ._request_body import PayloadBody
    from ._typedefs import Data
    from ._upload_tracker import UploadTracker

__all__ = ["RequestComposer"]

_TRANSFER_ENCODING = istr("Transfer-Encoding")


class RequestComposer:
    """Puts requests together, with what a session adds to each."""

    __slots__ = ("_serialize_bytes", "json_serialize", "sections")

    def __init__(
        self,
        sections: HeaderSections,
        serialize: JSONEncoder,
        serialize_bytes: JSONBytesEncoder | None,
    ) -> None:
        self.sections = sections
        self.json_serialize = serialize
        self._serialize_bytes = serialize_bytes

    def section(
        self,
        url: URL,
        content_type: str | None,
        headers: LooseHeaders | None,
        skip: Iterable[str] | None,
    ) -> CIMultiDictProxy[str]:
        """Give the header section; see `HeaderSections`."""
        if skip is None:
            if headers is None:
                return self.sections.common(url, content_type)
            return self.sections.with_given(url, content_type, headers)
        return self.sections.build(url, content_type, headers, skip)

    def with_body(
        self,
        url: URL,
        data: "Data | None",
        json: object,
        headers: LooseHeaders | None,
        skip: Iterable[str] | None,
        compress: str | bool | None,
        chunked: bool | int | None,
        expect100: bool,
        tracker: "UploadTracker | None",
    ) -> "tuple[bytes | PayloadBody | None, CIMultiDictProxy[str]]":
        """Give the body, as a connector takes it, and the header section that goes with it.

        The parameters are those of `ClientSession.request`, as are the errors.
        """
        body: bytes | Payload | None = None
        content_type = None
        if data is not None or json is not None:
            body, content_type = make_body(data, json, self.json_serialize, self._serialize_bytes)
        if skip is None and content_type is not None and content_type.startswith("multipart/"):
            # It has a boundary of its own, and is not for remembering.
            skip = ()
        section = self.section(url, content_type, headers, skip)
        if isinstance(body, bytes) and not (
            compress
            or chunked
            or expect100
            or tracker is not None
            or (headers is not None and _TRANSFER_ENCODING in section)
        ):
            return body, section
        from ._outgoing import outgoing

        return outgoing(
            body,
            section,
            compress=compress,
            chunked=chunked,
            expect100=expect100,
            tracker=tracker,
            skip=self.sections.skipped(skip),
        )
