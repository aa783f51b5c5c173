"""Applying several content codings, one after the other."""

from collections.abc import Sequence

from ._content_coding import ContentEncoder
from ._slicing_encoder import SlicingEncoder

__all__ = ["encoder_chain"]


def encoder_chain(encoders: Sequence[ContentEncoder]) -> ContentEncoder:
    """Make one encoder of *encoders*, at least one, in the order to apply them."""

    def compress(data: bytes) -> bytes:
        for encoder in encoders:
            data = encoder.encode(data)
        return data

    def flush() -> bytes:
        data = b""
        for encoder in encoders:
            data = encoder.encode(data) + encoder.flush()
        return data

    def finish() -> bytes:
        data = b""
        for encoder in encoders:
            data = encoder.encode(data) + encoder.finish()
        return data

    return SlicingEncoder(compress, flush, finish)
