"""The answers to Digest challenges: the vectors of the RFCs, and what is quoted how."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._digest_challenge import DigestChallenge, choose_challenge
from martlet_client_session._digest_response import DigestRequest, digest_credentials
from martlet_http_parser import parse_challenges

CNONCE = "0a4f113b"


def _challenge(field: str) -> DigestChallenge:
    challenge = choose_challenge([field])
    assert challenge is not None
    return challenge


def _request(
    challenge: DigestChallenge,
    uri: str = "/dir/index.html",
    cnonce: str = CNONCE,
    uses: int = 1,
    body: bytes = b"",
) -> DigestRequest:
    session = (challenge.nonce, cnonce)
    return DigestRequest("GET", uri, challenge.nonce, uses, cnonce, session, body)


def _parameters(field: str) -> dict[str, str]:
    (credentials,) = parse_challenges(field)
    return dict(credentials.parameters)


def test_rfc_2617_section_3_5() -> None:
    challenge = _challenge(
        'Digest realm="testrealm@host.com", qop="auth,auth-int",'
        ' nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    assert digest_credentials(challenge, "Mufasa", "Circle Of Life", _request(challenge)) == (
        'Digest username="Mufasa", realm="testrealm@host.com",'
        ' nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html",'
        ' response="6629fae49393a05397450978507c4ef1",'
        ' opaque="5ccc069c403ebaf9f0171e9517f40e41", qop=auth, nc=00000001, cnonce="0a4f113b"'
    )


def test_rfc_2069_section_2_4_as_corrected() -> None:
    challenge = _challenge(
        'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",'
        ' opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    field = digest_credentials(challenge, "Mufasa", "CircleOfLife", _request(challenge))
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in field
    assert _parameters(field).keys() == {"username", "realm", "nonce", "uri", "response", "opaque"}


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_rfc_7616_section_3_9_1(algorithm: str, response: str) -> None:
    challenge = _challenge(
        f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm},'
        ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",'
        ' opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    request = _request(challenge, cnonce=cnonce)
    assert _parameters(digest_credentials(challenge, "Mufasa", "Circle of Life", request)) == {
        "username": "Mufasa",
        "realm": "http-auth@example.org",
        "uri": "/dir/index.html",
        "algorithm": algorithm,
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "nc": "00000001",
        "cnonce": cnonce,
        "qop": "auth",
        "response": response,
        "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    }


# The name is that of erratum 4897: the text has one of a truncated SHA-512.
@pytest.mark.parametrize("login", ["J\xe4s\xf8n Doe", "Ja\u0308s\xf8n Doe"])
def test_rfc_7616_section_3_9_2(login: str) -> None:
    challenge = _challenge(
        'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256,'
        ' nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",'
        ' opaque="HRPCssKJSGjCrkzDg8OhwpzCiGChXYjwrI2QmXDnsOS1", charset=UTF-8, userhash=true'
    )
    cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm"
    request = _request(challenge, "/doe.json", cnonce)
    field = digest_credentials(challenge, login, "Secret, or not?", request)
    assert "userhash=true" in field
    parameters = _parameters(field)
    assert parameters["username"] == (
        "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"
    )
    secret = _sha512_256("J\xe4s\xf8n Doe:api@example.org:Secret, or not?")
    asked = _sha512_256("GET:/doe.json")
    assert parameters["response"] == _sha512_256(
        f"{secret}:{challenge.nonce}:00000001:{cnonce}:auth:{asked}"
    )


def _sha512_256(text: str) -> str:
    return hashlib.new("sha512_256", text.encode()).hexdigest()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("qop", ["", "auth", "auth-int"])
def test_a_session_key(qop: str) -> None:
    challenge = _challenge(f'Digest realm="r", nonce="n", algorithm=MD5-sess, qop="{qop}"')
    request = DigestRequest("PUT", "/x?y", "later", 171, "second", ("n", "first"), b"body")
    parameters = _parameters(digest_credentials(challenge, "u", "p", request))
    key = _md5(f"{_md5('u:r:p')}:n:first")
    asked = f"PUT:/x?y:{_md5('body')}" if qop == "auth-int" else "PUT:/x?y"
    between = f"000000ab:second:{qop}:" if qop else ""
    assert parameters["response"] == _md5(f"{key}:later:{between}{_md5(asked)}")
    # The server needs it for the key.
    assert parameters["cnonce"] == "second"
    assert parameters.get("nc") == ("000000ab" if qop else None)
    assert parameters.get("qop") == (qop or None)


def test_what_is_quoted_is_hashed_without_quotes() -> None:
    challenge = _challenge(r'Digest realm="a\"\\b", nonce="\"n", opaque="o\\"')
    field = digest_credentials(challenge, 'u"\\', "p", _request(challenge, '/"\\'))
    assert field.startswith(
        r'Digest username="u\"\\", realm="a\"\\b", nonce="\"n", uri="/\"\\", response="'
    )
    assert field.endswith(r'", opaque="o\\"')
    secret, asked = _md5('u"\\:a"\\b:p'), _md5('GET:/"\\')
    assert _parameters(field)["response"] == _md5(f'{secret}:"n:{asked}')


def test_names_that_are_not_ascii() -> None:
    bare = _challenge('Digest realm="r", nonce="n"')
    field = digest_credentials(bare, "u\u0308\u20ac", "p", _request(bare))
    assert field.startswith('Digest username="u\u0308\u20ac", ')
    utf8 = bare._replace(is_utf8=True)
    field = digest_credentials(utf8, "u\u0308\u20ac '%", "p\u0308", _request(utf8))
    assert field.startswith("Digest username*=UTF-8''%C3%BC%E2%82%AC%20%27%25, realm=")
    secret, asked = _md5("\xfc\u20ac '%:r:p\u0308"), _md5("GET:/dir/index.html")
    assert _parameters(field)["response"] == _md5(f"{secret}:n:{asked}")
    field = digest_credentials(utf8, "plain", "p", _request(utf8))
    assert field.startswith('Digest username="plain", ')


def test_bytes_of_a_server_go_back_as_they_came() -> None:
    challenge = _challenge('Digest realm="\udcff", nonce="n"')
    field = digest_credentials(challenge, "u", "p", _request(challenge))
    assert 'realm="\udcff"' in field
    secret = hashlib.md5(b"u:\xff:p", usedforsecurity=False).hexdigest()
    asked = _md5("GET:/dir/index.html")
    assert _parameters(field)["response"] == _md5(f"{secret}:n:{asked}")


PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]))


@given(PRINTABLE, PRINTABLE.filter(bool), PRINTABLE, PRINTABLE)
def test_the_field_can_be_read(realm: str, nonce: str, login: str, uri: str) -> None:
    challenge = DigestChallenge(realm, nonce, opaque=realm, qop="auth")
    parameters = _parameters(digest_credentials(challenge, login, "", _request(challenge, uri)))
    assert parameters["realm"] == parameters["opaque"] == realm
    assert (parameters["nonce"], parameters["username"]) == (nonce, login)
    assert parameters["uri"] == uri
