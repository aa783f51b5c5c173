import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import safe_filename


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "report.pdf",
        "a b.tar.gz",
        "Übersicht €.txt",
        "👩‍👧.png",
        "-rf",
        "a.b.c",
        "a~",
        "console.txt",
    ],
)
def test_a_harmless_name_stays(name: str) -> None:
    assert safe_filename(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("/etc/passwd", "passwd"),
        ("../../a.txt", "a.txt"),
        (r"C:\dir\a.txt", "a.txt"),
        (r"a/b\c", "c"),
        (r"a\b/c", "c"),
        ("..\\../..a", "_.a"),
    ],
)
def test_only_the_last_segment_is_used(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "...",
        ". .",
        "/",
        "a/",
        "a\\",
        "a/..",
        "\0",
        ".\0.",
        "\u202e",
        "\u3000.\xa0",
    ],
)
def test_nothing_may_be_left(name: str) -> None:
    assert safe_filename(name) is None


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a\r\nb\0c\x7fd\x9fe", "abcde"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\u2028b\ufeffc", "abc"),
        ("  a.txt\t", "a.txt"),
        ("a.txt. . ", "a.txt"),
        ("\u3000a.txt\u2003", "a.txt"),
        ('a<b>c:d"e|f?g*h', "a_b_c_d_e_f_g_h"),
        ("a.txt:stream", "a.txt_stream"),
        (".bashrc", "_bashrc"),
        ("..a", "_.a"),
        ("~root", "_root"),
        ("~", "_"),
        ("?", "_"),
    ],
)
def test_characters_with_a_meaning_are_removed_or_replaced(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("f\udcf6\udcf6.txt", "föö.txt"),
        ("a\udc9b\udca0", "a"),
        ("a\ud800b", "a_b"),
    ],
)
def test_surrogates_are_decoded_or_replaced(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


@pytest.mark.parametrize(
    "name",
    [
        "CON",
        "con.txt",
        "Prn",
        "aux.tar.gz",
        "NUL .txt",
        "com1",
        "LPT9.x",
        "COM²",
        "conin$",
        "CLOCK$.a",
    ],
)
def test_the_name_of_a_device_is_disarmed(name: str) -> None:
    assert safe_filename(name) == f"_{name}"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a" * 255, "a" * 255),
        ("a" * 256, "a" * 255),
        ("a" * 251 + ".txt", "a" * 251 + ".txt"),
        ("a" * 252 + ".txt", "a" * 251 + ".txt"),
        ("€" * 100 + ".txt", "€" * 83 + ".txt"),
        ("€" * 100, "€" * 85),
        ("aé" * 100, "aé" * 85),
        ("é" * 200, "é" * 127),
        ("a" * 300 + "." + "b" * 31, "a" * 223 + "." + "b" * 31),
        ("a" * 250 + "." + "b" * 32, "a" * 250 + "." + "b" * 4),
        ("a." + "b" * 300, "a." + "b" * 253),
        ("a" + " ." * 150 + "txt", "a.txt"),
        ("a" + " " * 300 + "b", "a"),
        ("a" * 254 + ".b" + "c" * 32, "a" * 254),
        ("con" + " " * 300 + "a.txt", "_con.txt"),
        ("con." + "a" * 251, "_con." + "a" * 250),
        (":" * 300, "_" * 255),
    ],
)
def test_a_long_name_is_cut_before_its_extension(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])( *\.|$)")


@given(
    st.one_of(
        st.text(),
        st.text(st.sampled_from('ab./\\: ~"\0\u202e\u3000é€\udc80\ud800'), max_size=12),
        st.builds(
            lambda start, char, count, end: start + char * count + end,
            st.sampled_from(["", "con", "a.", " ", "~"]),
            st.sampled_from("aé€👩. "),
            st.integers(0, 300),
            st.sampled_from(["", ".txt", " x.é", "." + "b" * 40]),
        ),
    )
)
def test_any_name_becomes_harmless_and_then_stays(name: str) -> None:
    safe = safe_filename(name)
    if safe is None:
        return
    assert 1 <= len(safe.encode()) <= 255
    assert not set(safe) & {*map(chr, range(32)), *'\x7f/\\<>:"|?*\u202e'}
    assert safe[0] not in ".~"
    assert safe == safe.strip().rstrip(".")
    assert DEVICES.match(safe) is None
    assert safe_filename(safe) == safe
