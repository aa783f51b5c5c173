"""The numbers in the tests' names are the steps of RFC 6265bis section 5.1.1."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar._cookie_date import END_OF_TIME, format_cookie_date, parse_cookie_date

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EXAMPLE = 784111777.0
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DELIMITERS = "\t !\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~"
# Control characters but the tab, and all that is not ASCII, are part of a token.
NO_DELIMITERS = "\x00\x08\n\x0b\r\x1f\x7f\x80\xa0\xff\u2003\udcff:"
MOMENTS = st.datetimes(
    min_value=datetime(1601, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC)
).map(lambda moment: moment.replace(microsecond=0))


def unix(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> float:
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return (moment - EPOCH) / timedelta(seconds=1)


@pytest.mark.parametrize(
    "text",
    [
        # The three forms of HTTP.
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        # What servers write in spite of them.
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 6 Nov 94 8:49:37",
        "06 Nov 1994 08:49:37 +0000",
        "06-nov-1994 08:49:37",
        "1994 Nov 6 08:49:37",
        "08:49:37 6 November 1994",
        "Nov/06/1994/08:49:37",
        "6th November 1994, 08:49:37 (Coordinated Universal Time)",
        "Sunday, 06-Nov-94 08:49:37 GMT; and so on",
        '"Sun, 06 Nov 1994 08:49:37 GMT"',
        "'6.NOV.1994+08:49:37'",
        "Sun Nov 06 1994 08:49:37 GMT+0100 (CET)",
        "Thu, 06 Nov 1994 08:49:37 PST",
        "garbage 06 garbage Nov garbage 1994 garbage 08:49:37 garbage",
    ],
)
def test_every_way_to_write_a_date_is_read_as_utc(text: str) -> None:
    assert parse_cookie_date(text) == EXAMPLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ",;-/",
        "0",
        "-1",
        "784111777",
        "now",
        "Session",
        "never",
        "1994-11-06T08:49:37Z",
        "1994-11-06 08:49:37",
        "11/06/1994 08:49:37",
        "Sun, 06 Nov 1994",
        "Sun, 06 Nov 1994 08:49",
        "\N{ARABIC-INDIC DIGIT SIX} Nov 1994 08:49:37",
        "06 Nov 1994 \N{ARABIC-INDIC DIGIT EIGHT}:49:37",
        "06 Nov \N{FULLWIDTH DIGIT ONE}994 08:49:37",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert parse_cookie_date(text) is None


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_1_each_delimiter_divides_tokens(delimiter: str) -> None:
    tokens = ("", "06", "Nov", "1994", "08:49:37", "")
    assert parse_cookie_date(delimiter.join(tokens)) == EXAMPLE
    assert parse_cookie_date((delimiter * 3).join(tokens)) == EXAMPLE


@pytest.mark.parametrize("character", NO_DELIMITERS)
def test_1_nothing_else_divides_tokens(character: str) -> None:
    assert parse_cookie_date(f"06{character}Nov 1994 08:49:37") is None


def test_1_the_delimiters_are_those_of_the_grammar() -> None:
    dividing = {
        character
        for character in map(chr, range(256))
        if parse_cookie_date(f"06{character}Nov 1994 08:49:37") is not None
    }
    ranges = (range(0x09, 0x0A), range(0x20, 0x30), range(0x3B, 0x41), range(0x5B, 0x61))
    expected = {chr(code) for part in (*ranges, range(0x7B, 0x7F)) for code in part}
    assert dividing == expected == set(DELIMITERS)


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("00:00:00", (0, 0, 0)),
        ("0:0:0", (0, 0, 0)),
        ("8:9:7", (8, 9, 7)),
        ("8:49:07", (8, 49, 7)),
        ("08:9:37", (8, 9, 37)),
        ("23:59:59", (23, 59, 59)),
        # Behind something that is no digit there may be anything.
        ("08:49:37Z", (8, 49, 37)),
        ("08:49:37:99", (8, 49, 37)),
        ("8:9:7x8", (8, 9, 7)),
        ("08:49:37\x000", (8, 49, 37)),
        ("08:49:37\N{ARABIC-INDIC DIGIT SIX}", (8, 49, 37)),
    ],
)
def test_2_1_times(time: str, expected: tuple[int, int, int]) -> None:
    assert parse_cookie_date(f"06 Nov 1994 {time}") == unix(1994, 11, 6, *expected)


@pytest.mark.parametrize(
    "time",
    [
        "08:49",
        "08:49:",
        ":49:37",
        "08::37",
        "008:49:37",
        "08:049:37",
        "08:49:037",
        "x08:49:37",
        "08:49:377",
        "8.49.37",
        "08-49-37",
        "08: 49:37",
        "-08:49:x7",
        "08:49:+7",
    ],
)
def test_2_1_what_is_no_time(time: str) -> None:
    assert parse_cookie_date(f"06 Nov 1994 {time}") is None


def test_2_1_the_first_time_counts() -> None:
    assert parse_cookie_date("06 Nov 1994 08:49:37 09:50:38") == EXAMPLE


def test_2_1_a_second_time_may_be_the_day_of_the_month() -> None:
    # It begins with two digits and something that is none.
    assert parse_cookie_date("08:49:37 06:50:38 Nov 1994") == EXAMPLE


@pytest.mark.parametrize(
    ("day", "expected"),
    [("1", 1), ("01", 1), ("9", 9), ("30", 30), ("6th", 6), ("06x", 6), ("6:", 6), ("6\x007", 6)],
)
def test_2_2_days_of_the_month(day: str, expected: int) -> None:
    assert parse_cookie_date(f"{day} Nov 1994 08:49:37") == unix(1994, 11, expected, 8, 49, 37)


@pytest.mark.parametrize("day", ["", "x6", "006", "0006", "six", ":6", "\xa06"])
def test_2_2_what_is_no_day_of_the_month(day: str) -> None:
    assert parse_cookie_date(f"{day} Nov 1994 08:49:37") is None


def test_2_2_the_first_day_counts_and_a_second_is_the_year() -> None:
    assert parse_cookie_date("06 94 Nov 08:49:37") == EXAMPLE
    assert parse_cookie_date("06 94 95 Nov 96 08:49:37 97") == EXAMPLE
    assert parse_cookie_date("94 06 Nov 08:49:37") is None


def test_2_2_a_year_of_two_digits_before_the_day_is_the_day() -> None:
    assert parse_cookie_date("04-Nov-06 08:49:37") == unix(2006, 11, 4, 8, 49, 37)
    assert parse_cookie_date("06-Nov-04 08:49:37") == unix(2004, 11, 6, 8, 49, 37)


@pytest.mark.parametrize(("number", "month"), [*enumerate(MONTHS, 1)])
def test_2_3_months(number: int, month: str) -> None:
    expected = unix(1994, number, 6, 8, 49, 37)
    for written in (
        month,
        month.lower(),
        month.upper(),
        f"{month}ember",
        f"{month}\x00",
        month * 2,
    ):
        assert parse_cookie_date(f"06 {written} 1994 08:49:37") == expected


@pytest.mark.parametrize("month", ["", "No", "N", "11", "xNov", "Nvo", "Gen", "N\xf6v", "Ma\u0131"])
def test_2_3_what_is_no_month(month: str) -> None:
    assert parse_cookie_date(f"06 {month} 1994 08:49:37") is None


def test_2_3_the_first_month_counts() -> None:
    assert parse_cookie_date("06 Nov 1994 08:49:37 Dec") == EXAMPLE
    assert parse_cookie_date("Jan 06 Nov 1994 08:49:37") == unix(1994, 1, 6, 8, 49, 37)
    # So does what only begins as one: "Marvelous".
    assert parse_cookie_date("Marvelous 06 Nov 1994 08:49:37") == unix(1994, 3, 6, 8, 49, 37)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        ("1994", 1994),
        ("1994x", 1994),
        ("94", 1994),
        ("94AD", 1994),
        ("1994:", 1994),
        ("2038", 2038),
        ("9999", 9999),
        ("1601", 1601),
        ("1994\x005", 1994),
    ],
)
def test_2_4_years(year: str, expected: int) -> None:
    assert parse_cookie_date(f"06 Nov {year} 08:49:37") == unix(expected, 11, 6, 8, 49, 37)


@pytest.mark.parametrize("year", ["", "4", "4x", "x94", "01994", "19940", "199400", "MCMXCIV"])
def test_2_4_what_is_no_year(year: str) -> None:
    assert parse_cookie_date(f"06 Nov {year} 08:49:37") is None


def test_2_4_the_first_year_counts() -> None:
    assert parse_cookie_date("06 Nov 1994 2004 08:49:37") == EXAMPLE
    assert parse_cookie_date("06 Nov 123 1994 08:49:37") is None


def test_2_the_tokens_may_come_in_any_order() -> None:
    for text in ("1994 Nov 06 08:49:37", "Nov 1994 08:49:37 06", "08:49:37 1994 06 Nov"):
        assert parse_cookie_date(text) == EXAMPLE


@pytest.mark.parametrize(("year", "expected"), [("70", 1970), ("71", 1971), ("99", 1999)])
def test_3_years_from_70_to_99_are_of_the_last_century(year: str, expected: int) -> None:
    assert parse_cookie_date(f"06 Nov {year} 08:49:37") == unix(expected, 11, 6, 8, 49, 37)


@pytest.mark.parametrize(
    ("year", "expected"), [("00", 2000), ("01", 2001), ("69", 2069), ("000", 2000), ("0069", 2069)]
)
def test_4_years_from_0_to_69_are_of_this_century(year: str, expected: int) -> None:
    assert parse_cookie_date(f"06 Nov {year} 08:49:37") == unix(expected, 11, 6, 8, 49, 37)


@pytest.mark.parametrize(
    "text",
    ["Nov 1994 08:49:37", "06 1994 08:49:37", "06 Nov 08:49:37", "06 Nov 1994", "GMT GMT GMT GMT"],
)
def test_5_all_four_have_to_be_found(text: str) -> None:
    assert parse_cookie_date(text) is None


@pytest.mark.parametrize("day", ["0", "00", "32", "99"])
def test_5_days_are_from_1_to_31(day: str) -> None:
    assert parse_cookie_date(f"{day} Jan 1994 08:49:37") is None
    assert parse_cookie_date("01 Jan 1994 08:49:37") is not None
    assert parse_cookie_date("31 Jan 1994 08:49:37") is not None


@pytest.mark.parametrize("year", ["100", "0100", "999", "1000", "1582", "1600"])
def test_5_years_are_from_1601(year: str) -> None:
    assert parse_cookie_date(f"01 Jan {year} 08:49:37") is None
    assert parse_cookie_date("01 Jan 1601 00:00:00") == -11644473600.0


@pytest.mark.parametrize(
    "time", ["24:00:00", "99:00:00", "23:60:00", "23:99:00", "23:59:60", "23:59:61", "23:59:99"]
)
def test_5_times_are_up_to_23_59_59_and_no_leap_second(time: str) -> None:
    assert parse_cookie_date(f"31 Dec 2016 {time}") is None
    assert parse_cookie_date("31 Dec 2016 23:59:59") is not None


@pytest.mark.parametrize(
    "text", ["29 Feb 2023", "30 Feb 2024", "31 Apr 2024", "31 Jun 24", "29 Feb 1900", "29 Feb 2100"]
)
def test_6_there_has_to_be_such_a_date(text: str) -> None:
    assert parse_cookie_date(f"{text} 08:49:37") is None


@pytest.mark.parametrize("year", [1604, 1972, 2000, 2024])
def test_6_leap_days(year: int) -> None:
    assert parse_cookie_date(f"29 Feb {year} 00:00:00") == unix(year, 2, 29)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01 Jan 1970 00:00:00", 0.0),
        ("31 Dec 1969 23:59:59", -1.0),
        ("19 Jan 2038 03:14:08", 2147483648.0),
        ("31 Dec 9999 23:59:59", float(END_OF_TIME)),
    ],
)
def test_7_the_date_in_seconds_since_1970(text: str, expected: float) -> None:
    date = parse_cookie_date(text)
    assert date == expected
    assert type(date) is float


@given(MOMENTS)
def test_every_date_of_http_is_read(moment: datetime) -> None:
    text = f"Xxx, {moment.day:02} {MONTHS[moment.month - 1]} {moment.year:04} {moment:%H:%M:%S} GMT"
    assert parse_cookie_date(text) == (moment - EPOCH) / timedelta(seconds=1)


@given(MOMENTS, st.permutations(range(4)), st.lists(st.sampled_from(DELIMITERS), min_size=1))
def test_every_order_and_every_delimiter(
    moment: datetime, order: list[int], delimiters: list[str]
) -> None:
    month = MONTHS[moment.month - 1]
    tokens = (f"{moment:%H:%M:%S}", f"{moment.day:02}", month, f"{moment.year:04}")
    text = "".join(delimiters).join(tokens[place] for place in order)
    assert parse_cookie_date(text) == (moment - EPOCH) / timedelta(seconds=1)


@given(st.text(st.characters()) | st.text(f"0123456789:{DELIMITERS}NovOct", max_size=60))
def test_arbitrary_text_is_a_date_or_none(text: str) -> None:
    date = parse_cookie_date(text)
    assert date is None or unix(1601, 1, 1) <= date <= END_OF_TIME


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (EXAMPLE, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (0.75, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        (-11644473600, "Mon, 01 Jan 1601 00:00:00 GMT"),
        (END_OF_TIME, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ],
)
def test_dates_are_written_as_http_has_them(seconds: float, expected: str) -> None:
    assert format_cookie_date(seconds) == expected


@given(MOMENTS)
def test_what_is_written_is_read_back(moment: datetime) -> None:
    seconds = (moment - EPOCH) / timedelta(seconds=1)
    assert parse_cookie_date(format_cookie_date(seconds)) == seconds


@given(
    st.sampled_from(["Mon", "Sun", "Mar", "sun", "12", "1:2:3"]),
    st.integers(0, 33),
    st.sampled_from([*MONTHS, "jan", "DEC", "Xyz", "Sun"]),
    st.integers(1599, 9999),
    st.tuples(st.integers(0, 25), st.integers(0, 61), st.integers(0, 61)),
    st.sampled_from(" -"),
)
def test_the_usual_form_is_read_like_all_others(
    weekday: str, day: int, month: str, year: int, time: tuple[int, int, int], between: str
) -> None:
    hour, minute, second = time
    date = f"{day:02}{between}{month}{between}{year}"
    text = f"{weekday}, {date} {hour:02}:{minute:02}:{second:02} GMT"
    # A delimiter at the end changes nothing, but the form is not the usual one.
    assert parse_cookie_date(text) == parse_cookie_date(f"{text} ")
