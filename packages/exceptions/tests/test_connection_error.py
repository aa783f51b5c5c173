import copy
import pickle

import pytest

from martlet_exceptions import (
    ClientConnectionError,
    ClientError,
    ClientOSError,
    ServerDisconnectedError,
)


def test_it_is_raised_by_itself_with_a_text() -> None:
    error = ClientConnectionError("Connector is closed")
    assert isinstance(error, ClientError)
    assert not isinstance(error, OSError)
    assert (str(error), error.args) == ("Connector is closed", ("Connector is closed",))


@pytest.mark.parametrize("kind", [ClientOSError, ServerDisconnectedError])
def test_the_errors_of_both_sides_are_caught_by_it(kind: type[ClientConnectionError]) -> None:
    with pytest.raises(ClientConnectionError):
        raise kind()


def test_its_place_is_that_of_older_pickles_too() -> None:
    from martlet_exceptions import _connection

    assert vars(_connection)["ClientConnectionError"] is ClientConnectionError
    error = ClientConnectionError("closed")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is ClientConnectionError
        assert twin.args == ("closed",)
