import re
import subprocess
import sys
from types import ModuleType

import attrs

import martlet_cookiejar

# Names for types, and a value, that have no docstring of their own.
ALIASES = {"LooseCookies", "PublicSuffixes", "SameSite"}


def test_a_private_name_of_a_module_is_not_offered() -> None:
    public = {
        name
        for name, value in vars(martlet_cookiejar).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public == set(martlet_cookiejar.__all__)


def test_all_is_sorted_and_holds_nothing_twice() -> None:
    names = martlet_cookiejar.__all__
    constants = sorted(name for name in names if name.isupper())
    classes = sorted(name for name in names if name[0].isupper() and not name.isupper())
    functions = sorted(name for name in names if name.islower())
    assert names == [*constants, *classes, *functions]
    assert len(set(names)) == len(names)


def test_each_name_is_documented_and_says_where_it_comes_from() -> None:
    for name in martlet_cookiejar.__all__:
        value = getattr(martlet_cookiejar, name)
        if callable(value) and name not in ALIASES:
            assert value.__doc__, name
            assert value.__module__.startswith("martlet_cookiejar._"), name


def test_each_public_method_of_a_jar_is_documented() -> None:
    for kind in (
        martlet_cookiejar.AbstractCookieJar,
        martlet_cookiejar.CookieJar,
        martlet_cookiejar.DummyCookieJar,
    ):
        for name in vars(kind):
            if not name.startswith("_"):
                assert getattr(kind, name).__doc__, f"{kind.__name__}.{name}"


def test_default_limits_are_those_of_the_rfc() -> None:
    assert attrs.asdict(martlet_cookiejar.DEFAULT_LIMITS) == {
        "pair": 4096,
        "attribute": 1024,
        "per_domain": 50,
        "total": 3000,
        "header": 8192,
        "age": 400 * 24 * 60 * 60,
    }


def test_the_version_is_a_release() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", martlet_cookiejar.__version__)


def test_a_jar_imports_neither_event_loop_nor_socket_nor_tls() -> None:
    program = """
import sys, tempfile, os
from martlet_cookiejar import CookieJar
jar = CookieJar()
jar.update_cookies_from_headers(["a=b; Domain=example.com"], "https://www.example.com/")
jar.update_cookies({"c": "d e"})
assert jar.cookie_header("https://example.com/") == 'a=b; c="d e"'
with tempfile.TemporaryDirectory() as folder:
    for save, load in ((jar.save, jar.load), (jar.save_netscape, jar.load_netscape)):
        save(os.path.join(folder, "jar"))
        load(os.path.join(folder, "jar"))
assert jar.cookie_header("https://example.com/") == "a=b"
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "martlet_cookiejar" in loaded
    assert not {"asyncio", "selectors", "socket", "ssl"} & loaded
