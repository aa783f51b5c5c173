import re
import subprocess
import sys
from types import ModuleType

import pytest

import martlet_http_parser

# Names for types that have no docstring of their own.
ALIASES = {"OnHead", "OnInterim", "OnRequest"}


def test_all_names_exactly_what_there_is_to_import() -> None:
    names = list(martlet_http_parser._HOME_OF)
    assert sorted(names) == sorted(martlet_http_parser.__all__)
    assert len(names) == sum(map(len, martlet_http_parser._NAMES_OF.values()))
    assert {*names, "__version__"} <= set(dir(martlet_http_parser))
    with pytest.raises(AttributeError, match="has no attribute 'parse_everything'"):
        martlet_http_parser.parse_everything  # noqa: B018


def test_a_private_name_of_a_module_is_not_offered() -> None:
    public = {
        name
        for name, value in vars(martlet_http_parser).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public <= {*martlet_http_parser.__all__, "TYPE_CHECKING", "import_module"}


def test_all_is_sorted_and_holds_nothing_twice() -> None:
    names = martlet_http_parser.__all__
    constants = sorted(name for name in names if name.isupper())
    classes = sorted(name for name in names if name[0].isupper() and not name.isupper())
    functions = sorted(name for name in names if name.islower())
    assert names == [*constants, *classes, *functions]
    assert len(set(names)) == len(names)


def test_each_name_is_documented_and_says_where_it_comes_from() -> None:
    for name in martlet_http_parser.__all__:
        value = getattr(martlet_http_parser, name)
        if callable(value) and name not in ALIASES:
            assert value.__doc__, name
            assert value.__module__.startswith("martlet_http_parser._"), name


def test_the_version_is_a_release() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", martlet_http_parser.__version__)


def test_reading_a_response_imports_neither_event_loop_nor_socket_nor_tls() -> None:
    program = """
import sys
import martlet_http_parser
body = martlet_http_parser.BodyBuffer()
parser = martlet_http_parser.ResponseParser()
parser.expect("GET", lambda head: body)
parser.feed(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n")
parser.feed(b"2\\r\\nok\\r\\n0\\r\\n\\r\\n")
assert parser.done and body.data == b"ok"
parser.expect("GET", lambda head: body)
try:
    parser.feed(b"nonsense")
except martlet_http_parser._response_parser.BadStatusLine as exc:
    assert str(exc)
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "martlet_http_parser" in loaded
    assert not {"asyncio", "selectors", "socket", "ssl"} & loaded
