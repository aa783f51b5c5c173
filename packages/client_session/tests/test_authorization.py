"""Which credentials go with a request."""

from pathlib import Path
from typing import Any

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_client_session import BasicAuth
from martlet_client_session._authorization import NetrcHosts, chosen_auth, with_authorization

U = BasicAuth("u", "p", "utf-8")
S = BasicAuth("s", "p")
NO = CIMultiDictProxy(CIMultiDict[str]())
FIELD = {"authorization": "Bearer x"}
HAS = CIMultiDictProxy(CIMultiDict(FIELD))


@pytest.mark.parametrize(
    ("url", "auth", "headers", "section", "default", "expected"),
    [
        ("http://h/", None, None, NO, None, None),
        ("http://h/", None, None, NO, S, S),
        ("http://h/", U, None, NO, None, U),
        ("http://h/", U, None, NO, S, U),
        ("http://h/", ("u", "p"), {"X": "y"}, NO, S, U),
        ("http://u:p@h/", None, None, NO, S, U),
        ("http://u:p@h/", None, [("X", "y")], NO, None, U),
        ("http://u@h/", None, None, NO, S, BasicAuth("u", "", "utf-8")),
        ("http://:p@h/", None, None, NO, S, BasicAuth("", "p", "utf-8")),
        ("http://%C3%BC:%40@h/", None, None, NO, S, BasicAuth("\u00fc", "@", "utf-8")),
        # A field is better than the session's credentials,
        ("http://h/", None, FIELD, HAS, S, None),
        ("http://h/", None, None, HAS, S, None),
        # and the request's credentials are better than a field of the session's.
        ("http://h/", U, None, HAS, S, U),
        ("http://u:p@h/", None, None, HAS, S, U),
    ],
)
def test_the_first_that_is_given_is_chosen(
    url: str, auth: Any, headers: Any, section: Any, default: Any, expected: BasicAuth | None
) -> None:
    assert chosen_auth(URL(url), auth, headers, section, default) == expected


@pytest.mark.parametrize(
    ("url", "auth", "headers", "error"),
    [
        ("http://u:p@h/", U, None, ValueError),
        ("http://:p@h/", U, None, ValueError),
        ("http://h/", U, FIELD, ValueError),
        ("http://h/", U, [("AUTHORIZATION", "x")], ValueError),
        ("http://u:p@h/", None, FIELD, ValueError),
        ("http://u%3A:p@h/", None, None, ValueError),
        ("http://u%00:p@h/", None, None, ValueError),
        ("http://h/", "u:p", None, TypeError),
        ("http://h/", ("u",), None, TypeError),
        ("http://h/", ("u", 5), None, TypeError),
        ("http://h/", ("u", None), None, ValueError),
        ("http://h/", ("u:v", "p"), None, ValueError),
        ("http://h/", ("u", "p\r\n"), None, ValueError),
    ],
)
def test_two_of_them_and_what_are_none_are_refused(
    url: str, auth: Any, headers: Any, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        chosen_auth(URL(url), auth, headers, NO, S)
    assert "p@" not in str(caught.value)


def test_credentials_replace_each_field() -> None:
    section = CIMultiDictProxy(
        CIMultiDict([("Host", "h"), ("authorization", "a"), ("X", "y"), ("AUTHORIZATION", "b")])
    )
    result = with_authorization(section, U)
    assert result.getall("Authorization") == ["Basic dTpw"]
    assert result["X"] == "y"
    assert section.getall("Authorization") == ["a", "b"]


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "netrc"
    monkeypatch.setenv("NETRC", str(path))
    path.write_text("machine h login h-user password p\nmachine o login o-user password p\n")
    return path


@pytest.mark.parametrize(
    ("chain", "logins"),
    [
        ("http://h/ http://h/x http://h:80/", "h h h"),
        ("http://h./ http://h./", "h h"),
        ("http://x/ http://h/", "- h"),
        ("http://h/ http://o/ http://h/", "h o h"),
        ("http://h/ http://h:81/ http://h/", "h - h"),
        ("http://h/ https://h/", "h -"),
        ("https://h/ http://h/ https://h/", "h - h"),
        ("https://x/ http://h/ http://o/ https://o/", "- - - -"),
        ("wss://x/ http://h/", "- -"),
        ("http://h./ http://h/", "h -"),
        ("http://h/ http://H/ http://H:81/", "h h -"),
    ],
)
def test_a_host_has_its_entry_at_its_first_origin(netrc: Path, chain: str, logins: str) -> None:
    hosts = NetrcHosts()
    found = [hosts.visit(URL(url, encoded=True)) for url in chain.split()]
    assert [auth.login[0] if auth else "-" for auth in found] == logins.split()


@pytest.mark.parametrize(
    ("chain", "logins"),
    [
        ("http://x/ http://x/", "d d"),
        ("http://x/ http://y/ http://x/", "d - d"),
        ("http://x/ http://x:81/", "d -"),
        ("http://x/ http://h/ http://y/", "d h -"),
        ("http://h/ http://x/", "h -"),
    ],
)
def test_the_default_entry_is_for_the_host_that_was_asked(
    netrc: Path, chain: str, logins: str
) -> None:
    netrc.write_text(f"{netrc.read_text()}default login d password p\n")
    hosts = NetrcHosts()
    found = [hosts.visit(URL(url, encoded=True)) for url in chain.split()]
    assert [auth.login[0] if auth else "-" for auth in found] == logins.split()
