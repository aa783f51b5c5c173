"""Whatever a server sends as its Location: a URL, nothing, or one of two errors."""

from hypothesis import example, given
from hypothesis import strategies as st
from multidict import CIMultiDict
from yarl import URL

from martlet_client_session._location import redirect_url
from martlet_client_session._origin import origin
from martlet_client_session._url import check_host
from martlet_exceptions import InvalidUrlRedirectClientError, NonHttpUrlRedirectClientError

BASES = [
    URL("http://h/a/b?q"),
    URL("https://h:8443/#f"),
    URL("http://[::1]:80/x"),
    URL("http://xn--bcher-kva.example/%2e/%zz", encoded=True),
]
# What the field may hold: octets that are not UTF-8 come as surrogates.
_OCTETS = st.binary().map(lambda octets: octets.decode("utf-8", "surrogateescape"))
_PIECES = st.sampled_from(
    [
        "http", "https", "HTTP", "ftp", ":", "//", "/", "\\", "@", "#", "?", "%", "%2f", "%C3%BC",
        "%zz", "[", "]", "::1", "..", ".", "h", "H", "o", "1", "0x7f", "80", "65536", "_", "+", "-",
        " ", "\t", "\x00", "\r\n", "\u00fc", "\u00df", "\uff0f", "\u2100", "\u3002", "\u0130",
        "\u00ad", "\udcff", "u:p", ";", "&a=b", "xn--", "xn--bcher-kva", "|", "'", '"', "<",
    ]
)  # fmt: skip
LOCATIONS = st.one_of(
    _OCTETS,
    st.text(st.characters(codec="utf-8")),
    st.lists(_PIECES, max_size=12).map("".join),
    st.lists(_PIECES, max_size=8).map(lambda pieces: "http://" + "".join(pieces)),
    st.lists(_PIECES, max_size=8).map(lambda pieces: "//" + "".join(pieces)),
)


def followed(location: str, base: URL, *, requote: bool) -> URL | None:
    try:
        return redirect_url(CIMultiDict({"Location": location}), base, requote=requote)
    except (InvalidUrlRedirectClientError, NonHttpUrlRedirectClientError) as exc:
        said = str(exc)
    # It can be shown, whatever it is.
    assert said.isprintable()
    return None


@given(LOCATIONS, st.sampled_from(BASES), st.booleans())
@example("//h:1_0/", BASES[0], True)
@example("http://h:\u0661/", BASES[0], True)
@example("http://\u00df/", BASES[0], False)
@example("0://[]@", BASES[0], False)
@example("http://A.\u00a1/", BASES[0], True)
def test_any_location_gives_a_url_that_can_be_asked_for_or_an_error(
    location: str, base: URL, requote: bool
) -> None:
    url = followed(location, base, requote=requote)
    if url is None:
        return
    assert url.scheme in {"http", "https"}
    check_host(url)
    # What goes into the head of a request, and into a key of connections.
    for sent in (url.raw_path_qs, url.host_port_subcomponent or ""):
        assert sent.isascii()
        assert sent.isprintable()
        assert " " not in sent
    assert url.raw_path.startswith("/")
    assert url.raw_host == (url.raw_host or "").lower()
    assert 0 <= (url.port or 0) <= 65535


@given(LOCATIONS, st.sampled_from(BASES))
def test_the_origin_does_not_depend_on_how_it_is_quoted(location: str, base: URL) -> None:
    requoted = followed(location, base, requote=True)
    as_it_came = followed(location, base, requote=False)
    if requoted is not None and as_it_came is not None:
        assert origin(requoted) == origin(as_it_came)


@given(LOCATIONS, st.sampled_from(BASES), st.booleans())
def test_what_was_found_leads_to_the_same_origin_again(
    location: str, base: URL, requote: bool
) -> None:
    url = followed(location, base, requote=requote)
    if url is None:
        return
    # As text, as the whole of it, and as a user would write it.
    again = followed(str(url), base, requote=requote)
    assert again is not None
    assert origin(again) == origin(url) == origin(URL(str(url)))


@given(st.text("abc/.?#;=&%20", max_size=20), st.sampled_from(BASES), st.booleans())
def test_a_relative_one_stays_at_its_origin(location: str, base: URL, requote: bool) -> None:
    url = followed(location, base, requote=requote)
    if url is not None and not location.startswith("//"):
        assert origin(url) == origin(base)
