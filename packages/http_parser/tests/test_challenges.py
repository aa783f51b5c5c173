import string

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import Challenge, parse_challenges


def one(scheme: str, **parameters: str) -> Challenge:
    return Challenge(scheme, parameters=parameters)


BASIC = one("basic", realm="a")


@pytest.mark.parametrize(
    ("field", "challenges"),
    [
        ("", []),
        (" ,\t,", []),
        ("Negotiate", [Challenge("negotiate")]),
        ("NTLM TlRMTVNTUAAC==", [Challenge("ntlm", "TlRMTVNTUAAC==")]),
        ("X a-b._~+/c", [Challenge("x", "a-b._~+/c")]),
        ('Basic realm="a"', [BASIC]),
        ("BASIC  REALM = a ", [BASIC]),
        ('Basic realm=""', [one("basic", realm="")]),
        (r'Basic realm="a\"b\\, c=d"', [one("basic", realm='a"b\\, c=d')]),
        ('Basic realm="a", charset="UTF-8"', [one("basic", realm="a", charset="UTF-8")]),
        ('Basic realm="a", Negotiate', [BASIC, Challenge("negotiate")]),
        ('Negotiate, Basic realm="a"', [Challenge("negotiate"), BASIC]),
        ('NTLM abc=, Basic realm="a"', [Challenge("ntlm", "abc="), BASIC]),
        (
            'Digest realm="a", qop="auth, auth-int", stale=TRUE, Basic realm="a"',
            [one("digest", realm="a", qop="auth, auth-int", stale="TRUE"), BASIC],
        ),
        (
            'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
            [
                one("newauth", realm="apps", type="1", title='Login to "apps"'),
                one("basic", realm="simple"),
            ],
        ),
        (',, Basic ,realm="a",, , Negotiate,', [BASIC, Challenge("negotiate")]),
        ('Basic, realm="a"', [BASIC]),
        ('Basic realm="a", Basic realm="b"', [BASIC, one("basic", realm="b")]),
        ("X a=b=", [Challenge("x")]),
        ("X a=", [Challenge("x", "a=")]),
        ("Basic realm=\udce4", [Challenge("basic")]),
        ('Basic realm="\udce4"', [one("basic", realm="\udce4")]),
    ],
)
def test_challenges_are_taken_apart(field: str, challenges: list[Challenge]) -> None:
    assert parse_challenges(field) == challenges


def test_field_lines_are_joined() -> None:
    lines = ['Digest realm="a", nonce="b"', 'Basic realm="a"']
    assert parse_challenges(", ".join(lines)) == [one("digest", realm="a", nonce="b"), BASIC]


@pytest.mark.parametrize(
    ("field", "challenges"),
    [
        # A parameter.
        ("Basic realm=My Realm", [Challenge("basic")]),
        ('Basic realm=My Realm, charset="UTF-8"', [one("basic", charset="UTF-8")]),
        ('Basic realm="a"b, c=d', [one("basic", c="d")]),
        ('Basic c=d, realm="a', [one("basic", c="d")]),
        ('Basic realm="a, Negotiate', [Challenge("basic")]),
        ('Basic realm="a\\"', [Challenge("basic")]),
        ('Basic realm="a" Digest nonce="b"', [Challenge("basic")]),
        ('Basic realm=, charset="UTF-8"', [Challenge("basic", "realm=")]),
        ('Basic realm="a", b=, c=d', [one("basic", realm="a", c="d")]),
        # Anything else, with what follows.
        ('realm="a"', []),
        ('realm="a", Negotiate', [Challenge("negotiate")]),
        ('Basic realm="a", Dig@st, nonce="b"', [BASIC]),
        ('Basic realm="a", "x, y", realm="b"', [BASIC]),
        ('Basic realm="a", abc/==, b=c, Negotiate', [BASIC, Challenge("negotiate")]),
        ("X @@, a=b", [Challenge("x")]),
        ("X a b, c=d", [Challenge("x")]),
        ("X abc==, a=b", [Challenge("x", "abc==")]),
        ("é a=b", []),
        ("X a=b, @@=x, a=c", [one("x", a="b")]),
        ("@, Negotiate", [Challenge("negotiate")]),
        ('"', []),
    ],
)
def test_what_is_malformed_is_passed_over(field: str, challenges: list[Challenge]) -> None:
    assert parse_challenges(field) == challenges


@pytest.mark.parametrize(
    "ambiguous",
    [
        'Digest realm="a", nonce="b", realm="a"',
        'Digest nonce="b", NONCE="c", realm="a"',
        "Digest nonce=b, nonce=@, nonce=c, nonce=d",
    ],
)
def test_a_challenge_with_a_parameter_given_twice_is_left_out(ambiguous: str) -> None:
    assert parse_challenges(ambiguous) == []
    field = f'Basic realm="a", {ambiguous}, Negotiate'
    assert parse_challenges(field) == [BASIC, Challenge("negotiate")]


def test_a_bounded_number_of_elements_is_looked_at() -> None:
    assert len(parse_challenges("a," * 1000)) == 256
    (challenge,) = parse_challenges("X " + ",".join(f"a{number}=b" for number in range(1000)))
    assert len(challenge.parameters) == 256


def test_a_challenge_is_a_value_and_read_only() -> None:
    parameters = {"realm": "a"}
    challenge = Challenge("basic", parameters=parameters)
    parameters["realm"] = "b"
    assert challenge.realm == "a"
    assert Challenge("basic").realm is None
    assert challenge == BASIC != one("basic", realm="b")
    assert hash(challenge) == hash(BASIC)
    with pytest.raises(FrozenInstanceError):
        challenge.scheme = "x"  # type: ignore[misc]  # that it cannot be set is the subject
    with pytest.raises(TypeError):
        challenge.parameters["realm"] = "x"  # type: ignore[index]  # likewise


TOKENS = st.text(
    st.sampled_from("!#$%&'*+-.^_`|~" + string.digits + string.ascii_lowercase),
    min_size=1,
    max_size=8,
)
TOKEN68 = st.from_regex(r"\A[A-Za-z0-9\-._~+/]{1,8}={0,2}\Z")
VALUES = st.text(st.characters(), max_size=10)
SEPARATORS = st.sampled_from([",", ", ", " ,\t", ",,", ", , "])
CHALLENGES = st.tuples(TOKENS, st.one_of(st.none(), TOKEN68, st.dictionaries(TOKENS, VALUES)))


@given(st.lists(CHALLENGES, max_size=5), SEPARATORS)
def test_what_was_written_is_read(
    written: list[tuple[str, str | dict[str, str] | None]], separator: str
) -> None:
    fields, expected = [], []
    for scheme, rest in written:
        if isinstance(rest, str):
            expected.append(Challenge(scheme, rest))
            fields.append(f"{scheme.upper()} {rest}")
            continue
        expected.append(Challenge(scheme, parameters=rest or {}))
        pairs = []
        for name, value in (rest or {}).items():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            pairs.append(f'{name.upper()}="{escaped}"')
        fields.append(f"{scheme} {separator.join(pairs)}" if pairs else scheme)
    assert parse_challenges(separator.join(fields)) == expected


@given(st.text(st.sampled_from('abAZ09/@ \t,,=="\\\\é\n\udc80'), max_size=40))
def test_any_text_gives_challenges(text: str) -> None:
    for challenge in parse_challenges(f"A {text}"):
        assert challenge.scheme
        assert challenge.scheme == challenge.scheme.lower()
        assert challenge.token68 is None or not challenge.parameters
        assert all(name == name.lower() for name in challenge.parameters)


@given(st.text())
def test_any_text_at_all_is_read(text: str) -> None:
    assert all(challenge.scheme in text.lower() for challenge in parse_challenges(text))
