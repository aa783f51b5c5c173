import warnings

from martlet_client_session import BadContentDispositionHeader, BadContentDispositionParam
from martlet_client_session._disposition import received_disposition


def test_they_can_be_filtered_and_are_not_given() -> None:
    for category in (BadContentDispositionHeader, BadContentDispositionParam):
        assert issubclass(category, RuntimeWarning)
        with warnings.catch_warnings():
            warnings.simplefilter("error", category)
            received_disposition('attachment; =; filename*="\udcff')
