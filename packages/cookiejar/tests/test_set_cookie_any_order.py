from random import Random
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar._cookie_date import format_cookie_date
from martlet_cookiejar._set_cookie import SetCookie, parse_set_cookie

# A name, a value, and the fields that they give.
Attribute: TypeAlias = tuple[str, str, dict[str, object]]

SPACES = st.text(" \t", max_size=2)
LABELS = st.text("abc019-", min_size=1, max_size=5)
EXPIRES = st.integers(-11644473600, 253402300799).map(
    lambda date: ("Expires", format_cookie_date(date), {"expires": float(date)})
)
MAX_AGE = (
    st.integers()
    .map(str)
    .filter(lambda age: len(age) < 18)
    .map(lambda age: ("Max-Age", age, {"max_age": int(age), "max_age_text": age}))
)
DOMAIN = (
    st.lists(LABELS, min_size=1)
    .map(".".join)
    .map(lambda domain: ("Domain", domain, {"domain": domain}))
)
PATH = (
    st.text('abAB/ =,"%\xfc\udcff', max_size=9)
    .map(lambda path: f"/{path}".rstrip())
    .map(lambda path: ("Path", path, {"path": path}))
)
SAME_SITE = st.sampled_from(["None", "Lax", "Strict"]).map(
    lambda site: ("SameSite", site, {"same_site": site})
)
FLAGS = st.sampled_from(
    [
        ("Secure", "", {"secure": True}),
        ("HttpOnly", "", {"http_only": True}),
        ("Partitioned", "", {"partitioned": True}),
        ("Unknown", "Path=/", {}),
        ("", "", {}),
    ]
)
ATTRIBUTES = st.lists(EXPIRES | MAX_AGE | DOMAIN | PATH | SAME_SITE | FLAGS, max_size=12)


@given(ATTRIBUTES, st.randoms(use_true_random=False), SPACES)
def test_attributes_in_any_order_and_case_give_what_was_put_in(
    attributes: list[Attribute], random: Random, space: str
) -> None:
    expected = SetCookie("a", "b")
    texts = []
    for name, value, outcome in attributes:
        written = "".join(random.choice((letter.lower(), letter.upper())) for letter in name)
        texts.append(f"{space}{written}{space}={space}{value}{space}")
        for field, content in outcome.items():
            setattr(expected, field, content)
    assert parse_set_cookie(";".join(["a=b", *texts])) == expected
