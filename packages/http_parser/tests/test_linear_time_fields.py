"""What a peer puts into a field is looked at a bounded number of times.

A floor would hide what is quadratic in small texts, so sizes are such that the small run can be
measured.
"""

from collections.abc import Callable

import pytest

from linear_time import Work, grows_linearly
from martlet_http_parser import (
    content_disposition_filename,
    parse_challenges,
    parse_content_disposition,
    parse_http_date,
    parse_keep_alive,
    parse_links,
    parse_media_type,
    parse_retry_after,
    safe_filename,
)

# What is repeated, and what stands before and after it; with each of the parsers.
TEXTS: dict[str, tuple[str, str, str]] = {
    "semicolons": ("a", ";", ""),
    "commas": ("a", ",", ""),
    "blanks": ("a;", " ", ""),
    "blanks around nothing": ("a", " ;\t,", ""),
    "a long token": ("", "a", "@"),
    "a long name": ("a; ", "a", ""),
    "a long name before a blank": ("a; b=c, ", "a", " @"),
    "parameters": ("a", "; a=b", ""),
    "parameters with commas": ("a b=c", ", a=b", ""),
    "parameters that differ in nothing": ("a b=c", ', A="b"', "x"),
    "parameters without values": ("a", ";a=", ""),
    "names without values": ("a", ";a", ""),
    "words": ("a", " a", ""),
    "equals signs": ("a;a", "=", ""),
    "equals signs after a word": ("a a", "=", "@"),
    "quotes": ("a;a=", '"', ""),
    "open quotes": ("a", ';a="', ""),
    "open quotes after commas": ("a", ',a="', ""),
    "open quotes with escaped ones": ("a", ';a="\\"', ""),
    "open quotes with escaped ones, after commas": ("a", ',a ="\\"', ""),
    "escaped quotes": ('a; a="', '\\"', ""),
    "escaped quotes after a word": ('a a="', '\\"', ""),
    "quotes in what is passed over": ("a;@", '"\\"', ""),
    "quotes in what is passed over, with commas": ("a;@", '"\\",', ""),
    "backslashes": ('a;a="', "\\", ""),
    "backslashes after a word": ('a a="', "\\", "x"),
    "angles": ("", "<", ""),
    "links": ("", "<a>,", ""),
    "links with parameters": ("", "<a>;rel=b,", ""),
    "open quotes of links": ("", '<a>;rel="b,', ""),
    "parameters of a link": ("<a>", ";a", ""),
    "relations": ("<a>; rel=", "a ", ""),
    "a number": ("", "9", ""),
    "a number that is none": ("", "0", "x"),
    "timeouts": ("", "timeout=5,", ""),
    "a long timeout": ("timeout=", "1", "x"),
    "timeouts in quotes": ("", 'timeout="5,', ""),
    "percent signs": ("a;filename*=UTF-8''", "%", ""),
    "escapes": ("a;filename*=UTF-8''", "%41", ""),
    "apostrophes": ("a;filename*=", "'", ""),
    "asterisks": ("a;filename", "*0", "=a"),
    "parts": ("a", ";filename*0=a", ""),
    "slashes": ("a;filename=", "/", ""),
    "slashes and dots": ("a;filename=", "../", ""),
    "dots": ("a;filename=", ".", "a"),
    "blanks and dots": ("a;filename=x", " .", ""),
    "surrogates": ("a;filename=", "\udce4", ""),
    "controls": ('a;filename="', "\0", '"'),
    "names of devices": ("a;filename=", "con", ""),
    "blanks before a date": ("", " ", "Sun, 06 Nov 1994 08:49:37 GMT"),
}
LENGTH = 60_000


def everything(field: str) -> Callable[[], object]:
    def work() -> object:
        filename = content_disposition_filename(parse_content_disposition(field)[1])
        return [
            safe_filename(field),
            safe_filename(filename or ""),
            [(link.rel, link.anchor, link.title) for link in parse_links(field)],
            parse_challenges(field),
            parse_http_date(field, 0.0),
            parse_keep_alive(field),
            parse_media_type(field),
            parse_retry_after(field, 0.0),
        ]

    return work


@pytest.mark.parametrize("case", TEXTS)
def test_time_grows_no_faster_than_the_field(case: str) -> None:
    before, part, after = TEXTS[case]

    def reading(count: int) -> Work:
        return everything(before + part * count + after)

    assert grows_linearly(reading, LENGTH // len(part))
