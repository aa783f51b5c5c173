import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import KeepAlive, parse_keep_alive


@pytest.mark.parametrize(
    ("field", "timeout", "maximum"),
    [
        ("", None, None),
        ("timeout=5, max=1000", 5, 1000),
        ("max=0,timeout=0", 0, 0),
        ("timeout=5", 5, None),
        ("Max=7", None, 7),
        (" ,\tTIMEOUT\t= 15 ,, ", 15, None),
        ('timeout="5", max="6"', 5, 6),
        ("timeout=5, timeout=6", 5, None),
        ("timeout=005", 5, None),
        ("timeout=9999999999, max=10000000000", 9_999_999_999, 9_999_999_999),
        (f"timeout={'9' * 5000}", 9_999_999_999, None),
    ],
)
def test_what_the_server_promises_is_read(
    field: str, timeout: int | None, maximum: int | None
) -> None:
    assert parse_keep_alive(field) == KeepAlive(timeout=timeout, max=maximum)


@pytest.mark.parametrize(
    "junk",
    [
        "300",
        "timeout",
        "timeout=",
        "timeout=-5",
        "timeout=5.5",
        "timeout=5s",
        "timeout=5; max=6",
        'timeout="5',
        "timeout=\u0665",
        "t\u0131meout=5",
        "x-timeout=5",
        "timeout x=5",
        'x="a, timeout=5"',
        'x="a\\", timeout=5"',
        "é=\udc80",
    ],
)
def test_junk_is_passed_over(junk: str) -> None:
    assert parse_keep_alive(junk) == KeepAlive()
    if junk != 'timeout="5':  # whose quotes go on
        assert parse_keep_alive(f"{junk}, max=8") == KeepAlive(max=8)


@given(
    st.one_of(st.none(), st.integers(0, 10**10 - 1)),
    st.one_of(st.none(), st.integers(0, 10**10 - 1)),
    st.lists(st.sampled_from(["", "x", "x=1", 'x=","', "maxx=2"]), max_size=3),
)
def test_what_was_written_is_read(
    timeout: int | None, maximum: int | None, others: list[str]
) -> None:
    elements = list(others)
    if timeout is not None:
        elements.append(f"timeout={timeout}")
    if maximum is not None:
        elements.insert(0, f"max={maximum}")
    assert parse_keep_alive(", ".join(elements)) == KeepAlive(timeout, maximum)


@given(st.text(st.sampled_from('timeoutmax=059"\\ \t,;é\udc80'), max_size=40))
def test_any_text_is_read(text: str) -> None:
    promised = parse_keep_alive(f"timeout={text}")
    for number in (promised.timeout, promised.max):
        assert number is None or 0 <= number <= 9_999_999_999
