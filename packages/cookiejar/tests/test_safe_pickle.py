import builtins
import copyreg
import os
import pickle
import subprocess
import sys
import tracemalloc
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import pytest

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._errors import CookieLoadError
from martlet_cookiejar._pickle_file import load_pickle
from martlet_cookiejar._safe_pickle import Pickled, read_pickle

from .old_jars import BY_DOMAIN, pickles


class Call:
    """Is pickled as a call."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


def refused(data: bytes, match: str = ".") -> None:
    for read in (read_pickle, lambda data: load_pickle(data, 0.0)):
        with pytest.raises(CookieLoadError, match=match):
            read(data)


def test_objects_become_their_names_and_what_they_hold() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        jar = read_pickle(pickle.dumps(defaultdict(SimpleCookie, BY_DOMAIN), protocol))
        assert isinstance(jar, Pickled)
        assert jar.kind == "defaultdict"
        assert list(jar.items) == list(BY_DOMAIN)
        cookies = jar.items[""]
        assert isinstance(cookies, Pickled)
        assert (cookies.kind, list(cookies.items)) == ("SimpleCookie", ["all"])
        morsel = cookies.items["all"]
        assert isinstance(morsel, Pickled)
        assert (morsel.kind, morsel.items["path"]) == ("Morsel", "/")
        assert isinstance(morsel.state, Pickled)
        assert morsel.state.items == {"key": "all", "value": "1", "coded_value": "1"}


@pytest.mark.parametrize(
    "value", [None, True, False, 0, 1, 255, 70000, -5, 2**70, 1.5, "", "\u20ac\udcff"]
)
def test_simple_values_are_read(value: object) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        if isinstance(value, float) and protocol == 0:
            continue  # as a text, which no jar has
        read = read_pickle(pickle.dumps({"a": (value, value)}, protocol))
        assert isinstance(read, Pickled)
        assert read.items == {"a": (value, value)}


@pytest.mark.parametrize(
    "call",
    [
        lambda marker: Call(os.system, f"touch {marker}"),
        lambda marker: Call(subprocess.getoutput, f"touch {marker}"),
        lambda marker: Call(eval, f"open({str(marker)!r}, 'w').close()"),
        lambda marker: Call(exec, f"open({str(marker)!r}, 'w').close()"),
        lambda marker: Call(builtins.open, str(marker), "w"),
        lambda marker: Call(Path.touch, marker),
        lambda marker: Call(os.mkdir, str(marker)),
    ],
)
@pytest.mark.parametrize("protocol", range(6))
def test_nothing_is_called(tmp_path: Path, call: Callable[[Path], Call], protocol: int) -> None:
    marker = tmp_path / "called"
    hostile = call(marker)
    cookies = SimpleCookie("a=1")
    dict.update(cookies, {"b": hostile})
    morsel = SimpleCookie("a=1")
    dict.update(morsel["a"], {"path": hostile})
    jars: list[object] = [hostile, {"b.org": hostile}, {hostile: 1}]
    for jar in [*jars, {"b.org": cookies}, {"b.org": morsel}]:
        refused(pickle.dumps(jar, protocol), "the pickle names")
    assert not marker.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "function",
    [
        getattr,
        setattr,
        __import__,
        type,
        object,
        list,
        bytearray,
        copyreg.add_extension,
        OrderedDict,
        os.getcwd,
        pickle.loads,
        Morsel.set,
        SimpleCookie.load,
    ],
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_nothing_is_named_but_the_classes_of_a_jar(
    function: Callable[..., object], protocol: int
) -> None:
    refused(pickle.dumps(Call(function), protocol))
    refused(pickle.dumps({"b.org": {"a": function}}, protocol))


def test_modules_are_not_imported() -> None:
    assert "antigravity" not in sys.modules
    refused(b"cantigravity\ngeohash\n.", "the pickle names 'antigravity.geohash'")
    refused(b"\x80\x04\x8c\x0bantigravity\x8c\x07geohash\x93.", "the pickle names")
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize(
    "name",
    [
        b"http.cookies\nSimpleCookie.load",
        b"http.cookies\nre",
        b"http.cookies\nMorsel.__class__",
        b"http\ncookies.Morsel",
        b"os\ndict",
        b"collections\nSimpleCookie",
        b"collections\nOrderedDict",
        b"collections \ndefaultdict",
        b"builtins\ndict.fromkeys",
        b"copyreg\n__newobj__",
        b"\n",
        b" \n ",
    ],
)
def test_names_are_compared_whole(name: bytes) -> None:
    refused(b"c" + name + b"\n.", "the pickle names")


def test_a_name_is_shown_up_to_some_length() -> None:
    with pytest.raises(CookieLoadError) as raised:
        read_pickle(b"c" + b"a" * 1_000_000 + b"\nb\n.")
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    "data",
    [
        b"Pid\n.",  # a persistent identifier
        b"\x80\x02X\x01\x00\x00\x00aQ.",
        b"\x80\x02\x82\x01.",  # extensions of copyreg
        b"\x80\x02\x83\x01\x00.",
        b"\x80\x02\x84\x01\x00\x00\x00.",
        b"(ios\ngetcwd\n.",  # INST
        b"(cbuiltins\ndict\no.",  # OBJ
        b"\x80\x04cbuiltins\ndict\n)}\x92.",  # NEWOBJ_EX
        b"\x80\x05\x97.",  # an out-of-band buffer
        b"\x80\x05N\x98.",
        b"\x80\x05\x96\x03\x00\x00\x00\x00\x00\x00\x00abc.",  # a bytearray
        b"\x80\x05\x96" + b"\xff" * 8 + b".",  # one of 2**64 bytes
        b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.",  # bytes of 2**63
        b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f.",  # a text of 2**63
        b"\x80\x04X\xff\xff\xff\x7fa.",
        b"\x80\x02\x8b\xff\xff\xff\x7f.",  # a number of 2**31 bytes
        b"\x80\x02\x8b\xff\xff\xff\xff.",
        b"I" + b"9" * 100_000 + b"\n.",
        b"L" + b"9" * 100_000 + b"L\n.",
        b"F1e5\n.",
        b"S'a'\n.",  # Python 2's texts
        b"U\x01a.",
        b"].",
        b"(l.",
        b"\x80\x04\x8f.",  # sets
        b"0.",
        b"12.",  # POP_MARK, DUP
        b"",
        b".",
        b"\x80\x04.",
        b"(.",
        b"\x80\xff.",
        b"}s.",
        b"}(NNs.",
        b"}(u",
        b"}(X\x01\x00\x00\x00au.",  # a key without a value
        b"(X\x01\x00\x00\x00ad.",
        b"}u.",
        b"N(u.",
        b"NX\x01\x00\x00\x00aNs.",
        b"N}b.",
        b"b.",
        b"}b.",
        b"R.",
        b"NR.",
        b"NNR.",
        b"N)R.",
        b"})R.",
        b"cbuiltins\ndict\nNR.",
        b"ccopyreg\n_reconstructor\nNR.",
        b"ccopyreg\n_reconstructor\n(cbuiltins\ndict\nNNNtR.",
        b"\x93.",
        b"NN\x93.",
        b"}}\x93.",
        b"X\x01\x00\x00\x00aN\x93.",
        b"h\x05.",
        b"p1\n.",
        b"g1\n.",
        b"gx\n.",
        b"\x94.",
        b"c\\q\nb\n.",  # a wrong escape
        b"cx\n\xff\n.",
        b"V\\ud8\n.",
        b"t.",
        b"\x85.",
        b"N\x86.",
        b"\x80\x04\x95" + b"\xff" * 8 + b".",
    ],
)
def test_what_no_jar_has_is_refused(data: bytes) -> None:
    with pytest.raises(CookieLoadError):
        load_pickle(data, 0.0)


@pytest.mark.parametrize(
    "data",
    [
        # Something that holds itself.
        b"}q\x00X\x01\x00\x00\x00ah\x00s.",
        b"chttp.cookies\nMorsel\n)\x81q\x00h\x00b.",
        b"}X\x01\x00\x00\x00achttp.cookies\nMorsel\n)\x81q\x00h\x00bs.",
        b"}q\x00X\x01\x00\x00\x00a}X\x01\x00\x00\x00bh\x00ss.",
    ],
)
def test_what_holds_itself_is_refused(data: bytes) -> None:
    with pytest.raises(CookieLoadError):
        load_pickle(data, 0.0)


def twins(levels: int, opening: bytes, again: bytes, end: bytes) -> bytes:
    """A value that holds one thing twice, which holds one thing twice, and so on."""
    # MEMOIZE numbers the values; number 0 is another one's.
    value = b"}\x94"
    for level in range(1, levels):
        value = opening + value + again + b"h%c" % level + end + b"\x94"
    return value


BOMBS = {
    "twins of dicts": twins(200, b"}(\x8c\x01a", b"\x8c\x01b", b"u"),
    "twins of tuples": twins(200, b"", b"", b"\x86"),
    "deep dicts": b"}" + b"\x8c\x01a}" * 20_000 + b"s" * 20_000,
    "deep tuples": b"N" + b"\x85" * 40_000,
}


@pytest.mark.parametrize("bomb", ["deep dicts", "deep tuples"])
@pytest.mark.parametrize("key", ["max-age", "expires", "path", "samesite", "secure"])
def test_bomb_as_an_attribute_is_not_written_out(bomb: str, key: str) -> None:
    attribute = b"\x8c%c%s%ss" % (len(key), key.encode(), BOMBS[bomb])
    state = b"}\x8c\x0bcoded_value\x8c\x011sb"
    morsel = b"chttp.cookies\nMorsel\n)\x81" + attribute + state
    data = b"\x80\x04}\x8c\x05b.org\x94}\x8c\x01a" + morsel + b"ss."
    assert load_pickle(data, 0.0) == [Cookie("a", "1", "b.org", "/", True, secure=key == "secure")]


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize(
    "around",
    [
        b"\x94%s.",
        b"}\x8c\x05b.org\x94%ss.",  # in the place of a SimpleCookie
        b"}\x8c\x05b.org\x94}\x8c\x01a%sss.",  # of a Morsel
        b"}\x8c\x05b.org\x94}\x8c\x01achttp.cookies\nMorsel\n)\x81%sbss.",  # of its state
        b"}\x94%sNs.",  # of a key
        b"\x8c\x01a\x94%s\x93.",  # of a class's name
        b"N\x94%s\x8c\x01a\x93.",
        b"cbuiltins\ndict\n\x94%sR.",  # of arguments
    ],
)
def test_bomb_elsewhere_is_refused(bomb: bytes, around: bytes) -> None:
    with pytest.raises(CookieLoadError):
        load_pickle(b"\x80\x04" + around % bomb, 0.0)


@pytest.mark.parametrize("part", [b"}", b"N\x94", b"(", b"N\x85\x94", b"\x8c\x00\x94", b"(d", b")"])
def test_memory_is_in_proportion_to_the_file(part: bytes) -> None:
    data = b"\x80\x04" + part * (30_000 // len(part))
    tracemalloc.start()
    try:
        refused(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 250 * len(data)


def test_steps_are_bounded() -> None:
    with pytest.raises(CookieLoadError, match="more than a jar's can"):
        read_pickle(b"N" * 2_000_001 + b".")


def test_large_jar_is_within_the_bounds() -> None:
    many = SimpleCookie()
    for number in range(3000):
        many[f"n{number}"] = "v" * 100
    assert len(load_pickle(pickle.dumps({"b.org": many}), 0.0)) == 3000


def test_jars_need_no_more_than_is_known() -> None:
    for data in pickles():
        assert isinstance(read_pickle(data), Pickled)
