"""What the head of a message may say about its body when it is sent (RFC 9112 section 6).

Two readings of one message are how messages get smuggled. So what is sent has one
reading: stricter than what `_framing` accepts from a peer, which may be sloppy.
"""

import re
from typing import Final

from martlet_interfaces import HttpVersion, HttpVersion11

from ._serialize_fields import Pair

__all__ = ["check_framing"]

_LENGTH: Final = re.compile("[0-9]{1,19}")


def check_framing(
    pairs: list[Pair], names: list[str], version: HttpVersion, *, bodiless: str = ""
) -> None:
    """Raise `ValueError` unless *pairs* frame a body in one way, or do not mention it.

    *names* are theirs in lower case. *bodiless* names a message that has no body, so that no
    field may announce one.
    """
    codings = names.count("transfer-encoding")
    lengths = names.count("content-length")
    if not codings and not lengths:
        return
    if bodiless:
        name = "Transfer-Encoding" if codings else "Content-Length"
        raise ValueError(f"{name} in {bodiless}, which has no body")
    if codings and lengths:
        raise ValueError("Both Transfer-Encoding and Content-Length are present")
    if lengths:
        if lengths > 1:
            raise ValueError("Content-Length is given twice")
        if _LENGTH.fullmatch(pairs[names.index("content-length")][1]) is None:
            raise ValueError("Content-Length is not a number of at most 19 digits")
    elif version != HttpVersion11:
        raise ValueError("Transfer-Encoding in an HTTP/1.0 message")
    # Codings have no case (RFC 9112 section 7), but there are readers to whom they have.
    elif codings > 1 or pairs[names.index("transfer-encoding")][1] != "chunked":
        raise ValueError("Transfer-Encoding is not exactly 'chunked'")
