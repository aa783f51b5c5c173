"""The comparison with other clients' names: what is read out of the references."""

import inspect
from pathlib import Path

import pytest

from api_surface._cli import import_references
from api_surface._current_text import read_current
from api_surface._facts import ClassFacts, Member, dumped, loaded, read_member
from api_surface._older_text import read_older
from api_surface._signature import Parameter, Signature, SignatureError, read_signature

CURRENT = """\
Public names.

def AddrInfoType(...)

class Body  (Payload, ABC)
    __init__(self, value: Any, *args: Any, kind: str | None = None, **kwargs: Any) -> None
    async write(self, writer: Writer) -> None
    async-gen parts(self, data: ~_Buffer) -> AsyncIterator[~_Buffer | bytes]
    classmethod of(cls, url: URL, *, encoding: str = latin1) -> Optional[Body]
    size: property
    name: attribute
    chunk_size = 8192
    content = None
    DATE_RE = re.compile((\\d{1,2}))

class Wrong  (ValueError)
    __init__(self, /, *args, **kwargs)

class Code  (IntEnum, int)
    OK=1000, GOING_AWAY=1001, text=-1

EMPTY = <Empty>

def payload(data: Any, *args: Any) -> Payload

module hdrs: ACCEPT, AGE

module abc: class Store
    cookies
    close(self) -> None
    fields: {cookies: "int"}
"""

OLDER = """\
Client Session\N{PILCROW SIGN}
-
class
aiohttp.
Session
(*, connector=None, version=aiohttp.HttpVersion11)\N{PILCROW SIGN} The class.

Parameters: - connector (aiohttp.connector.BaseConnector) \N{EN DASH} an instance
- trust_env (bool) \N{EN DASH}
Get proxies from the environment.-
closed
\N{PILCROW SIGN} True if closed.

The cookies, whose name is lost.

Parameters: - cookies \N{EN DASH} a mapping
-
coroutine async-with
get
(url, *, data=b'', **kwargs)\N{PILCROW SIGN} Perform a GET.

Parameters: - url \N{EN DASH} where
- proxy \N{EN DASH} through what
- ValueError \N{EN DASH} if it cannot be
-
classmethod
decode
(text, encoding='latin1')\N{PILCROW SIGN}
-
_private
(x)\N{PILCROW SIGN}
-
exception
aiohttp.
SessionError
\N{PILCROW SIGN} Something.
-
coroutine
aiohttp.
request
(method, url, *, encoding='utf-8')\N{PILCROW SIGN} Without a session.
"""


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("()", "()"),
        ("(self)", "()"),
        ("(cls, a: int) -> dict[str, int]", "(a)"),
        ("(self: Self, a=1)", "(a=1)"),
        ("(self, a: Callable[[Any], str] = json.dumps, b: str = ) -> None", "(a=json.dumps, b=)"),
        (
            "(a, /, b: X | Y = <X.Y: 2>, *args: Any, c=(), **kw)",
            "(a, /, b=<X.Y: 2>, *args, c=(), **kw)",
        ),
        ("(*, total=None, connect, v=HttpVersion(major=1, minor=1))",
         "(*, total=None, connect, v=HttpVersion(major=1, minor=1))"),
        ("(self, a, b='x', c=b'', /)", "(a, b=x, c=b, /)"),
        ("(a, /, *, b)", "(a, /, *, b)"),
    ],
)  # fmt: skip
def test_signature(text: str, spelled: str) -> None:
    signature = read_signature(text)
    assert str(signature) == spelled
    assert read_signature(spelled) == signature


@pytest.mark.parametrize("text", ["", "a", "(a", "(a, -)"])
def test_no_signature(text: str) -> None:
    with pytest.raises(SignatureError):
        read_signature(text)


def test_signature_without_names() -> None:
    signature = read_signature("(a, b=1, *, c, **kwargs)")
    assert str(signature.by_place()) == "(a, b=1, /, *, c, **kwargs)"
    assert str(signature.required_by_place()) == "(a, /, b=1, *, c, **kwargs)"


@pytest.mark.parametrize(
    "text",
    ["property", "attribute", "constant", "= 8192", "(a, *args)", "async ()", "classmethod (x=1)"],
)
def test_member(text: str) -> None:
    assert str(read_member(text)) == text


@pytest.mark.parametrize("text", ["", "properties", "await (x)"])
def test_no_member(text: str) -> None:
    with pytest.raises(ValueError, match=r"^no (?:member|bracket)"):
        read_member(text)


def test_current() -> None:
    facts = read_current(CURRENT)
    body = facts.pop("Body")
    assert isinstance(body, ClassFacts)
    assert body.bases == ["Payload", "ABC"]
    assert {name: str(member) for name, member in body.members.items()} == {
        "__init__": "(value, *args, kind=None, **kwargs)",
        "write": "async (writer)",
        "parts": "async-gen (data)",
        "of": "classmethod (url, *, encoding=latin1)",
        "size": "property",
        "name": "attribute",
        "chunk_size": "= 8192",
        "content": "constant",
        "DATE_RE": "constant",
    }
    code = facts.pop("Code")
    assert isinstance(code, ClassFacts)
    assert {name: member.value for name, member in code.members.items()} == {
        "OK": "1000",
        "GOING_AWAY": "1001",
        "text": "-1",
    }
    assert facts == {
        "AddrInfoType": Member("constant"),
        # A constructor that is not its own says nothing.
        "Wrong": ClassFacts(["ValueError"]),
        "EMPTY": Member("constant"),
        "payload": read_member("(data, *args)"),
        "hdrs.ACCEPT": Member("constant"),
        "hdrs.AGE": Member("constant"),
        "abc.Store": ClassFacts(
            [], {"cookies": Member("attribute"), "close": read_member("any ()")}
        ),
    }


@pytest.mark.parametrize("line", ["what is this?", "async close"])
def test_what_is_not_understood_is_not_left_out(line: str) -> None:
    with pytest.raises(ValueError, match="no member"):
        read_current(f"class Body\n    {line}\n")


def test_older() -> None:
    facts = read_older(OLDER)
    session = facts.pop("Session")
    assert isinstance(session, ClassFacts)
    assert {name: str(member) for name, member in session.members.items()} == {
        "__init__": "(*, connector=None, version=aiohttp.HttpVersion11, trust_env=<unset>)",
        "closed": "attribute",
        "get": "async (url, *, data=b, proxy=<unset>, **kwargs)",
        "decode": "classmethod (text, encoding=latin1)",
    }
    assert facts == {
        "SessionError": ClassFacts(),
        "request": read_member("async (method, url, *, encoding=utf-8)"),
    }


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "api-surface.txt").write_text(CURRENT)
    (tmp_path / "client-reference.txt").write_text(OLDER, encoding="utf-8")
    import_references(tmp_path, tmp_path)
    assert capsys.readouterr().out == "current.json: 9 names\nolder.json: 3 names\n"
    assert loaded(tmp_path / "current.json") == read_current(CURRENT)
    assert loaded(tmp_path / "older.json") == read_older(OLDER)


def test_facts_that_are_kept_are_as_they_would_be_written() -> None:
    folder = Path(inspect.getfile(read_current)).parent
    for name, least in (("current.json", 250), ("older.json", 30)):
        facts = loaded(folder / name)
        assert dumped(facts) == (folder / name).read_text(encoding="utf-8")
        assert len(facts) >= least


def test_empty_signature() -> None:
    assert Signature().parameters == ()
    assert str(Parameter("a", "args")) == "*a"
