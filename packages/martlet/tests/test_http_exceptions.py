import martlet_exceptions
from martlet import http_exceptions

from .name_only import assert_no_others, offered

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
    assert offered(http_exceptions) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(http_exceptions, NAMES)
