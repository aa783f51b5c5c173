import pickle

from martlet_exceptions import ClientError
from martlet_testing import UnmatchedRequestError
from martlet_testing._unmatched import nearest


def test_it_is_an_error_of_the_client_and_of_the_test() -> None:
    error = UnmatchedRequestError("what")
    assert isinstance(error, ClientError)
    assert isinstance(error, AssertionError)
    assert str(pickle.loads(pickle.dumps(error))) == "what"


def test_what_differs_least_comes_first_and_three_are_enough() -> None:
    found = nearest([("a", ["1", "2"]), ("b", ["3"]), ("c", ["4"]), ("d", ["5", "6", "7"])])
    assert found == ["  b: 3", "  c: 4", "  a: 1; 2"]
