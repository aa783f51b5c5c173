"""What a response tells of how the exchange went."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from multidict import CIMultiDict, CIMultiDictProxy

from martlet_interfaces import Exchange

from ._response_head import ReceivedHead

if TYPE_CHECKING:
    import asyncio

    from ._request_body import PayloadBody
    from ._timings import Timings

__all__ = ["ExchangeFacts"]


class ExchangeFacts(ReceivedHead):
    """The part of `ClientResponse` that asks the connector, and the request's body."""

    __slots__ = ("_exchange", "_upload")

    _exchange: Exchange | None
    _upload: "bytes | PayloadBody | None"

    @property
    def trailers(self) -> CIMultiDictProxy[str]:
        """The fields that came after a chunked body (RFC 9110 section 6.5), once it is read.

        Before that, and if there were none, it is empty.
        """
        fields = self.get_extra_info("trailers")
        return CIMultiDictProxy(CIMultiDict(fields if isinstance(fields, Sequence) else ()))

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Tell a fact of the connection, also after the response is closed.

        Such as ``peername``, ``sockname``, ``reused``, ``http_version``, ``timings`` (see
        `timings`) and, with TLS, ``cipher``, ``peercert`` and ``ssl_object``; *default* for
        what is not known.
        """
        fact = None if self._exchange is None else self._exchange.info(name)
        return default if fact is None else fact

    @property
    def timings(self) -> "Timings":
        """Where the time went, as far as the connector tells; also after the release.

        Those of this exchange alone: after redirects they are the last one's. For a response
        that was made by hand all of them are ``None``.
        """
        from ._timings import timings_from

        return timings_from(self.get_extra_info("timings"))

    @property
    def output_size(self) -> int:
        """How many bytes of the request's body have been sent.

        All of what crossed to the connector as bytes counts: give an `UploadTracker` to follow
        that.
        """
        upload = self._upload
        if upload is None:
            return 0
        return len(upload) if isinstance(upload, bytes) else upload.sent

    @property
    def upload_complete(self) -> "asyncio.Future[None]":
        """Done when the request's body has been sent; see `UploadTracker.upload_complete`."""
        from ._upload_tracker import UploadTracker

        if self._upload is not None and not isinstance(self._upload, bytes):
            return self._upload.tracked().upload_complete
        tracker = UploadTracker()
        tracker.complete()
        return tracker.upload_complete
