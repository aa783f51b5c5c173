"""Where the three readers differ, and why martlet does what it does.

Each hostile message on which they do not agree stands in `DISAGREEMENTS` with the reason;
the page docs/http-parser.md shows them all:

    cd tests-integration && python -m parser.disagreements    # writes the table there anew
"""

import re
from pathlib import Path
from typing import Final

from .hostile import REQUESTS, RESPONSES
from .verdicts import PEERS, Kind, Verdict, martlet_reads

__all__ = ["DISAGREEMENTS", "PAGE", "REFUSALS", "agree", "normal", "verdicts", "written"]

PAGE: Final = Path(__file__).parents[2] / "docs" / "http-parser.md"
_PLACE: Final = re.compile(
    r"(<!-- written by tests-integration/parser/disagreements\.py -->\n).*?(<!-- end -->)",
    re.DOTALL,
)

_SLOPPY = "sloppy, but safe"
_LF = f"RFC 9112 2.2 allows a lone LF in a head; {_SLOPPY}"
_FOLD = f"RFC 9112 5.2, joined by one space; {_SLOPPY}"
_REPEATED = f"RFC 9112 6.3 allows equal values; {_SLOPPY}"
_VERSION = "RFC 9112 2.3: only 1.0 and 1.1 are known to have this syntax"
_CONTROL = "RFC 9110 5.5: a control character in a value is invalid and dangerous"
_BOTH = "RFC 9112 6.3: it ought to be handled as an error, since it may be smuggling"
_CODING = "RFC 9112 6.1, 6.3: some would read this to the close, some in chunks"
_ONE_CODING = "RFC 9112 6.1: chunked is the only transfer coding here; readers differ about others"
_DIGITS = "a number of at most 19 digits; nobody sends so many, and readers' integers differ"
_CHUNK_DIGITS = "RFC 9112 7.1: readers' integers differ beyond 16 digits"
_CHUNK_BLANKS = f"RFC 9112 7.1 has no blank here, but servers pad so; {_SLOPPY}"
_EXTENSION = f"RFC 9112 7.1.1: to be ignored, so its form matters little; {_SLOPPY}"
_CHUNK_CONTROL = "RFC 9112 7.1.1: control characters in an extension hide line ends from others"
_CHUNK_LF = "RFC 9112 7.1: every line ends in CRLF; who takes less sees another end of the message"
_TRAILER = "RFC 9110 6.5.1: framing and routing are settled before the body"
_FORM = "RFC 9112 3.2: a target has the form that its method asks for"
_HOST = "RFC 9112 3.2: exactly one Host, and it is a host; two readers must not see two"
_SPACES = "RFC 9112 3: one space between the parts, or readers differ about the target"
_KEEP = "RFC 9112 9.3: HTTP/1.0 persists if both say keep-alive; h11 does without that"
_BEFORE = "RFC 9112 2.2 tells servers to pass over one empty line; "
_METHOD = "RFC 9110 9.1: a method is any token, in this case; llhttp has a fixed list"
_UPGRADE = "whether to upgrade is the server's to decide: if it does not, the next request follows"

DISAGREEMENTS: Final[dict[str, str]] = {
    # first lines
    "no reason and no space": f"many servers leave the space out; {_SLOPPY}",
    "NUL in the reason": "RFC 9112 4: a reason has no control characters",
    "status 099": "RFC 9110 15: a status begins with 1 to 9",
    "version 1.2": _VERSION,
    "version 2.0": _VERSION,
    "version 0.9": _VERSION,
    "preface of HTTP/2": _VERSION,
    "CRLF before the status line": "RFC 9112 2.2 allows that before requests only",
    "bare LF after the status line": _LF,
    "bare LF after the request line": _LF,
    "100 with Content-Length": f"RFC 9110 15.2: there is no body, whatever it says; {_SLOPPY}",
    "100 with a bad Content-Length": f"RFC 9110 15.2: there is no body; {_SLOPPY}",
    "100 with Connection close": "only the final response can be the last; it is taken for that",
    "101 unasked": "RFC 9110 15.2.2: a server switches only to what it was asked for",
    "chunked in HTTP/1.0": "RFC 9112 6.1: it has to be treated as faulty framing",
    "keep-alive in HTTP/1.0": _KEEP,
    "CRLF before the request line": f"{_BEFORE}{_SLOPPY}",
    "two CRLF before the request line": f"{_BEFORE}not more",
    "LF before the request line": f"{_BEFORE}a lone LF is none",
    "method in lower case": _METHOD,
    "method of our own": _METHOD,
    "two spaces after the method": _SPACES,
    "two spaces before the version": _SPACES,
    "no version": "HTTP/0.9 is not spoken here",
    "target without slash": _FORM,
    "target * for GET": _FORM,
    "authority for GET": _FORM,
    "CONNECT": _UPGRADE,
    "CONNECT without port": _FORM,
    "CONNECT with a path": _FORM,
    "Upgrade": _UPGRADE,
    "no Host": _HOST,
    "two Hosts": _HOST,
    "Host with a path": _HOST,
    "Host with userinfo": _HOST,
    "Host with a space": _HOST,
    "two hosts in Host": _HOST,
    # fields
    "obs-fold": _FOLD,
    "obs-fold with tab": _FOLD,
    "fold of nothing": _FOLD,
    "bare LF after a field": _LF,
    "bare LF after all lines": _LF,
    "bare LF ends the head": _LF,
    "0x01 in a value": _CONTROL,
    "DEL in a value": _CONTROL,
    "blanks around a value": "RFC 9112 5.1: they are no part of it; llhttp leaves those at its end",
    # framing
    "Content-Length and chunked": _BOTH,
    "chunked and Content-Length": _BOTH,
    "two equal Content-Lengths": _REPEATED,
    "a list of equal Content-Lengths": _REPEATED,
    "Content-Length folded": _FOLD,
    "Content-Length of 30 zeros and 5": _DIGITS,
    "Content-Length of 20 digits": _DIGITS,
    "Transfer-Encoding chunked and a tab": f"RFC 9112 5.1: it is no part of the value; {_SLOPPY}",
    "Transfer-Encoding xchunked": _CODING,
    "Transfer-Encoding chunked, identity": _CODING,
    "Transfer-Encoding identity": _CODING,
    "Transfer-Encoding chunked;q=1": _CODING,
    'Transfer-Encoding "chunked"': _CODING,
    "Transfer-Encoding with a Kelvin sign": _CODING,
    "Transfer-Encoding identity, chunked": _ONE_CODING,
    "Transfer-Encoding gzip, chunked": _ONE_CODING,
    "Transfer-Encoding chunked, chunked": _ONE_CODING,
    "Transfer-Encoding twice": _ONE_CODING,
    # chunks
    "chunks: 17 digits": _CHUNK_DIGITS,
    "chunks: size too large": _CHUNK_DIGITS,
    "chunks: blank after the size": _CHUNK_BLANKS,
    "chunks: tab after the size": _CHUNK_BLANKS,
    "chunks: blanks in extension": _EXTENSION,
    "chunks: empty extension": _EXTENSION,
    "chunks: odd extension": _EXTENSION,
    "chunks: NUL in extension": _CHUNK_CONTROL,
    "chunks: bare CR in extension": _CHUNK_CONTROL,
    "chunks: bare LF in trailer": _CHUNK_LF,
    "chunks: folded trailer": "RFC 9112 5.2: nothing has a reason to fold a trailer",
    "chunks: bare LF ends the body": _CHUNK_LF,
    "chunks: Content-Length as trailer": _TRAILER,
    "chunks: Transfer-Encoding as trailer": _TRAILER,
}

REFUSALS: Final[dict[str, str]] = {
    "The request begins with a line end": f"{_BEFORE}not more",
    "The request begins with a lone CR": f"{_BEFORE}a lone CR is none",
    "The request does not begin with a method": "RFC 9112 3",
    "The request line is not a method, a target and a version, with one space between": _SPACES,
    "The request's target has no form that": _FORM,
    "The request's target is not visible ASCII": "RFC 9112 3.2: a URL is ASCII",
    "The request's version is neither HTTP/1.0 nor HTTP/1.1": _VERSION,
    "The response does not begin with 'HTTP/'": "RFC 9112 4; an empty line is for requests",
    "The response's version is neither HTTP/1.0 nor HTTP/1.1": _VERSION,
    "The status line has a control character": "RFC 9112 4",
    "The status line has no status code of three digits": "RFC 9112 4, RFC 9110 15",
    "The server switches protocols, unasked (101)": "RFC 9110 15.2.2",
    "The first field line is folded": "RFC 9112 2.2",
    "A field line has no colon": "RFC 9112 5",
    "The name of a field is empty": "RFC 9112 5",
    "The name of a field is followed by a space": "RFC 9112 5.1",
    "The name of a field is no token": "RFC 9112 5.1",
    "The value of a field has a control character": _CONTROL,
    "The Host field is given twice": _HOST,
    "The Host field is no host with an optional port": _HOST,
    "The Host field of an HTTP/1.1 request is missing": _HOST,
    "Both Transfer-Encoding and Content-Length are present": _BOTH,
    "Content-Length is given twice, differing": "RFC 9112 6.3",
    "Content-Length is not a number of at most 19 digits": _DIGITS,
    "Transfer-Encoding in an HTTP/1.0 message": "RFC 9112 6.1",
    "Transfer-Encoding is not exactly 'chunked'": _ONE_CODING,
    "A chunk's size line is not 1 to 16 hexadecimal digits and CRLF": _CHUNK_LF,
    "A chunk's data is not followed by CRLF": _CHUNK_LF,
    "The trailer section has a lone LF or a folded line": _CHUNK_LF,
    "In the trailer section: ": "as in a head",
    " is not allowed in a trailer section": _TRAILER,
}


def verdicts(kind: Kind, data: bytes) -> tuple[Verdict, dict[str, Verdict]]:
    """Let all read *data*."""
    return martlet_reads(kind, data), {name: read(kind, data) for name, read in PEERS.items()}


def normal(verdict: Verdict) -> tuple[object, ...]:
    """Leave out of what was read what is the same by any reading.

    h11 gives equal Content-Lengths once, codings in lower case, and joins folds in its own
    way; llhttp keeps blanks at the end of a value.
    """
    fields = []
    for name, value in verdict.fields:
        same = " ".join(value.split())
        if name == "content-length":
            same = same.split(",")[0].strip()
        elif name == "transfer-encoding":
            same = same.lower()
        fields.append((name, same))
    return verdict.start, tuple(dict.fromkeys(fields)), verdict.body


def agree(ours: Verdict, theirs: dict[str, Verdict]) -> bool:
    """Tell whether all make the same of a message."""
    return all(
        verdict.outcome == ours.outcome
        and (ours.outcome in ("refused", "incomplete") or verdict.facts == ours.facts)
        for verdict in theirs.values()
    )


def rows() -> list[str]:
    """Write a row of the table for each message on which readers differ."""
    lines: dict[str, list[str]] = {}
    corpora: tuple[tuple[Kind, dict[str, bytes]], ...] = (
        ("response", RESPONSES),
        ("request", REQUESTS),
    )
    for kind, corpus in corpora:
        for name, data in corpus.items():
            ours, theirs = verdicts(kind, data)
            if name in DISAGREEMENTS and not agree(ours, theirs):
                outcomes = [ours.outcome, *(verdict.outcome for verdict in theirs.values())]
                row = f"| {name} | %s | {' | '.join(outcomes)} | {DISAGREEMENTS[name]} |"
                lines.setdefault(row, []).append(kind)
    return [row % " and ".join(kinds) for row, kinds in lines.items()]


def written(text: str) -> str:
    """Return the page's *text* with the table as it is now."""
    header = "| message | kind | martlet | h11 | llhttp | why |\n|---|---|---|---|---|---|\n"
    table = header + "\n".join(rows()) + "\n"
    return _PLACE.sub(lambda place: place[1] + table + place[2], text)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
