"""Made-up parts of messages, for property tests of what is written."""

import string
from itertools import pairwise

from hypothesis import strategies as st

from martlet_http_parser._serialize_chunked import NOT_IN_TRAILERS

__all__ = ["PAIRS", "TEXTS", "TOKENS", "TRAILERS", "cut"]

# These mean something to whoever reads them.
_MEANINGFUL = {"connection", "content-length", "host", "transfer-encoding"}

TOKENS = st.text(
    st.sampled_from(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~"),
    min_size=1,
    max_size=12,
)
_CHARACTERS = st.characters(codec="utf-8", categories=None, exclude_categories=["Cc", "Cs"])
TEXTS = st.text(
    st.one_of(st.sampled_from("\t a:,\x80\x85\u010a\u2028\U0001f600"), _CHARACTERS), max_size=20
).map(lambda text: text.strip(" \t"))
"""Reasons and values: blanks around them are no part of a value."""

PAIRS = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from(["Set-Cookie", "set-cookie", "ETag", "X-A"]),
            TOKENS.filter(lambda name: name.lower() not in _MEANINGFUL),
        ),
        TEXTS,
    ),
    max_size=5,
)
TRAILERS = PAIRS.map(
    lambda pairs: [(name, value) for name, value in pairs if name.lower() not in NOT_IN_TRAILERS]
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Cut *data* at *places* that are in it."""
    edges = [0, *sorted({place for place in places if 0 < place < len(data)}), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]
