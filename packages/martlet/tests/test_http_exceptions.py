import martlet_exceptions
from martlet import http_exceptions

NAMES: dict[str, object] = {
    "BadHttpMessage": martlet_exceptions.BadHttpMessage,
    "BadStatusLine": martlet_exceptions.BadStatusLine,
    "ContentEncodingError": martlet_exceptions.ContentEncodingError,
    "ContentLengthError": martlet_exceptions.ContentLengthError,
    "HttpProcessingError": martlet_exceptions.HttpProcessingError,
    "InvalidHeader": martlet_exceptions.InvalidHeader,
    "LineTooLong": martlet_exceptions.LineTooLong,
    "PayloadEncodingError": martlet_exceptions.PayloadEncodingError,
    "TransferEncodingError": martlet_exceptions.TransferEncodingError,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert {name: getattr(http_exceptions, name) for name in http_exceptions.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(http_exceptions.__all__) == sorted(NAMES)
    public = {name for name in vars(http_exceptions) if not name.startswith("_")}
    assert public <= set(NAMES)
