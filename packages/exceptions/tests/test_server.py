import pytest

from martlet_exceptions import ServerDisconnectedError, ServerFingerprintMismatch


def test_disconnected() -> None:
    assert ServerDisconnectedError().message == "Server disconnected"
    assert str(ServerDisconnectedError()) == "Server disconnected"
    error = ServerDisconnectedError("closed in the head")
    assert error.message == str(error) == "closed in the head"
    assert error.args == ("closed in the head",)


@pytest.mark.parametrize(("host", "peer"), [("a.example", "a.example:443"), ("::1", "[::1]:443")])
def test_fingerprint_mismatch(host: str, peer: str) -> None:
    error = ServerFingerprintMismatch(b"\x01\x02", b"\xff", host, 443)
    assert (error.expected, error.got) == (b"\x01\x02", b"\xff")
    assert (error.host, error.port) == (host, 443)
    assert error.args == (b"\x01\x02", b"\xff", host, 443)
    assert str(error) == f"Certificate of {peer} has fingerprint ff, not the pinned 0102"
