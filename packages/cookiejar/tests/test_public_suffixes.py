import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar import _public_suffixes
from martlet_cookiejar._public_suffixes import default_public_suffixes, single_label_suffixes

ADDRESSES = ["127.0.0.1", "1.2.3.4", "::1", "2001:db8::1", "::ffff:1.2.3.4", "0x7f000001", "1"]


@pytest.fixture(autouse=True)
def _rules_are_made_anew() -> Iterator[None]:
    _public_suffixes._rules.cache_clear()
    yield
    _public_suffixes._rules.cache_clear()


@pytest.fixture
def without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "publicsuffixlist", None)


@pytest.mark.parametrize("domain", ["com", "localhost", "xn--p1ai", "internal", "a" * 63])
def test_single_label_is_a_suffix(domain: str) -> None:
    assert single_label_suffixes(domain)


@pytest.mark.parametrize("domain", ["example.com", "co.uk", "a.b.c", *ADDRESSES])
def test_more_labels_and_addresses_are_no_suffixes(domain: str) -> None:
    assert not single_label_suffixes(domain)


@pytest.mark.parametrize(
    "domain",
    [
        "com",
        "co.uk",
        # A wildcard (*.ck), and the same one label below.
        "ck",
        "anything.ck",
        "b.kawasaki.jp",
        # The private section.
        "github.io",
        # A-labels: .рф and 公司.cn.
        "xn--p1ai",
        "xn--55qx5d.cn",
        # Not in the list.
        "localhost",
        "internal",
    ],
)
def test_suffixes_of_the_list(domain: str) -> None:
    assert default_public_suffixes()(domain) is True


@pytest.mark.parametrize(
    "domain",
    [
        "example.com",
        "www.example.com",
        "example.co.uk",
        "a.github.io",
        # Exceptions (!www.ck, !city.kawasaki.jp).
        "www.ck",
        "city.kawasaki.jp",
        "xn--85x722f.xn--55qx5d.cn",
        "printer.local",
        *ADDRESSES,
    ],
)
def test_domains_below_the_suffixes_of_the_list(domain: str) -> None:
    assert default_public_suffixes()(domain) is False


@pytest.mark.usefixtures("without_the_library")
@pytest.mark.parametrize(
    ("domain", "suffix"),
    [("com", True), ("localhost", True), ("co.uk", False), ("github.io", False), ("::1", False)],
)
def test_without_the_library_only_single_labels_are_suffixes(domain: str, suffix: bool) -> None:
    assert default_public_suffixes()(domain) is suffix


def test_library_is_imported_only_once_and_when_first_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    public_suffixes = default_public_suffixes()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "publicsuffixlist", None)
        assert not public_suffixes("co.uk")
    # It is there again, but what has been decided stays.
    assert not public_suffixes("co.uk")
    assert not default_public_suffixes()("co.uk")


def test_list_is_read_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import publicsuffixlist

    made: list[object] = []

    class Counted(publicsuffixlist.PublicSuffixList):
        def __init__(self) -> None:
            made.append(self)
            super().__init__()

    monkeypatch.setattr(publicsuffixlist, "PublicSuffixList", Counted)
    public_suffixes = default_public_suffixes()
    assert made == []
    assert public_suffixes("com")
    assert default_public_suffixes()("co.uk")
    assert len(made) == 1


@pytest.mark.usefixtures("without_the_library")
@given(st.text(max_size=300))
def test_rule_without_the_library_is_total(domain: str) -> None:
    assert default_public_suffixes()(domain) in {True, False}


@given(st.text(max_size=300) | st.lists(st.text(max_size=3), max_size=150).map(".".join))
def test_rules_of_the_list_are_total(domain: str) -> None:
    assert default_public_suffixes()(domain) in {True, False}


IMPORT = """
import sys
before = set(sys.modules)
import martlet_cookiejar
jar = martlet_cookiejar.CookieJar()
jar.update_cookies_from_headers(["a=1; Path=/"], "https://example.org/")
assert jar.cookie_header("https://example.org/") == "a=1"
loaded = set(sys.modules) - before
unwanted = {"asyncio", "selectors", "socket", "_socket", "ssl", "_ssl", "publicsuffixlist"}
print(*sorted(loaded & unwanted))
"""


def test_import_brings_no_network_and_no_list() -> None:
    # A new interpreter: this one has all of it.
    done = subprocess.run(
        [sys.executable, "-c", IMPORT], stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout.split() == []
