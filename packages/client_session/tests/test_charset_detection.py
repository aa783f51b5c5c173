import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._charset_detection import _installed_detector, detected_encoding
from martlet_client_session._text import find_encoding

LATIN = b"caf\xe9"
NAMES = ("charset_normalizer", "chardet")


@pytest.fixture(autouse=True)
def no_detector(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make it so that none is installed, whatever is."""
    for name in NAMES:
        monkeypatch.setitem(sys.modules, name, None)
    _installed_detector.cache_clear()
    yield
    _installed_detector.cache_clear()


class Detector(ModuleType):
    """An installed detector that always says the same, and remembers what it was asked."""

    def __init__(self, name: str, answer: object) -> None:
        super().__init__(name)
        self.answer = answer
        self.asked: list[bytes] = []

    def detect(self, byte_str: bytes) -> dict[str, object]:
        assert type(byte_str) is bytes
        self.asked.append(byte_str)
        return {"encoding": self.answer, "confidence": 0.9, "language": ""}


Install = Callable[..., Detector]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    def install(answer: object, name: str = "chardet") -> Detector:
        detector = Detector(name, answer)
        monkeypatch.setitem(sys.modules, name, detector)
        _installed_detector.cache_clear()
        return detector

    return install


def test_without_a_detector_nothing_is_guessed() -> None:
    assert detected_encoding(LATIN) is None
    assert find_encoding(LATIN, None) == "cp1252"


@pytest.mark.parametrize("name", NAMES)
def test_installed_detector_is_asked(install: Install, name: str) -> None:
    detector = install("KOI8-R", name)
    assert detected_encoding(LATIN) == "KOI8-R"
    assert detector.asked == [LATIN]
    assert find_encoding(LATIN, None) == "KOI8-R"


def test_of_two_charset_normalizer_is_asked(install: Install) -> None:
    other = install("koi8-r", "chardet")
    install("iso-8859-5", "charset_normalizer")
    assert detected_encoding(LATIN) == "iso-8859-5"
    assert other.asked == []


@pytest.mark.parametrize(
    "answer", [None, "", "VISCII", "no-such", "idna", "base64", "ascii", "US-ASCII", b"koi8-r", 5]
)
def test_answer_that_cannot_be_does_not_count(install: Install, answer: object) -> None:
    install(answer)
    assert detected_encoding(LATIN) is None
    assert find_encoding(LATIN, None) == "cp1252"


@pytest.mark.parametrize("answer", ["utf-16", "utf_16_be", "UTF-16LE", "utf-32", "utf_32_le"])
def test_wide_encodings_are_believed_only_of_what_has_zeros(install: Install, answer: str) -> None:
    install(answer)
    assert detected_encoding(LATIN) is None
    assert detected_encoding("café".encode("utf-16-le")) == answer


@pytest.mark.parametrize("body", [b"", b"abc", b"\0\x7f"])
def test_ascii_is_not_looked_at(install: Install, body: bytes) -> None:
    detector = install("koi8-r")
    assert detected_encoding(body) is None
    assert detector.asked == []


def test_16_kibibytes_are_looked_at_from_where_ascii_ends(install: Install) -> None:
    detector = install("koi8-r")
    detected_encoding(b"a" * 10**6 + LATIN * 10**5)
    assert detector.asked == [(LATIN * 10**5)[: 2**14]]
    # What is left out is a multiple of four bytes, so that UTF-16 and UTF-32 stay whole.
    detected_encoding(b"abcdefghij" + b"\xe9")
    assert detector.asked[1] == b"ij\xe9"


def test_failing_detector_does_not_count(monkeypatch: pytest.MonkeyPatch, install: Install) -> None:
    def detect(_body: bytes) -> dict[str, object]:
        raise ZeroDivisionError

    monkeypatch.setattr(install("koi8-r"), "detect", detect)
    assert detected_encoding(LATIN) is None


@pytest.mark.parametrize("answer", [None, {}, "koi8-r", []])
def test_detector_that_answers_something_else_does_not_count(
    monkeypatch: pytest.MonkeyPatch, install: Install, answer: object
) -> None:
    monkeypatch.setattr(install("koi8-r"), "detect", lambda _body: answer)
    assert detected_encoding(LATIN) is None


def test_module_without_the_function_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, install: Install
) -> None:
    monkeypatch.setitem(sys.modules, "charset_normalizer", ModuleType("charset_normalizer"))
    install("koi8-r", "chardet")
    assert detected_encoding(LATIN) == "koi8-r"


def test_module_that_cannot_be_imported_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, install: Install
) -> None:
    class Broken:
        @staticmethod
        def find_spec(name: str, *_args: object) -> None:
            if name == "charset_normalizer":
                raise OSError("cannot be read")

    install("koi8-r", "chardet")
    monkeypatch.delitem(sys.modules, "charset_normalizer")
    monkeypatch.setattr(sys, "meta_path", [Broken, *sys.meta_path])
    assert detected_encoding(LATIN) == "koi8-r"


def test_detector_is_looked_for_once(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    assert detected_encoding(LATIN) is None
    monkeypatch.setitem(sys.modules, "chardet", Detector("chardet", "koi8-r"))
    assert detected_encoding(LATIN) is None
    install("koi8-r")
    assert detected_encoding(LATIN) == "koi8-r"


@pytest.mark.parametrize(
    ("body", "charset", "is_json"),
    [
        (b"", None, False),
        (b"abc", None, False),
        ("é".encode(), None, False),
        (LATIN, "latin-1", False),
        (b"\xff\xfea\0", None, False),
        (b'<meta charset="gbk">\xe4', None, False),
        (LATIN, None, True),
    ],
)
def test_detector_is_asked_last(
    install: Install, body: bytes, charset: str | None, is_json: bool
) -> None:
    detector = install("koi8-r")
    assert find_encoding(body, charset, is_json=is_json) != "koi8-r"
    assert detector.asked == []


@given(st.binary(max_size=50), st.one_of(st.none(), st.text(max_size=12), st.integers()))
def test_any_body_and_any_answer_give_a_usable_encoding(body: bytes, answer: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "chardet", Detector("chardet", answer))
        _installed_detector.cache_clear()
        assert isinstance(body.decode(find_encoding(body, None), "replace"), str)
