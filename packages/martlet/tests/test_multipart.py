import martlet_client_session
import martlet_http_parser
from martlet import multipart

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "BadContentDispositionHeader": martlet_client_session.BadContentDispositionHeader,
    "BadContentDispositionParam": martlet_client_session.BadContentDispositionParam,
    "BodyPartReader": martlet_client_session.BodyPartReader,
    "MultipartReader": martlet_client_session.MultipartReader,
    "MultipartResponseWrapper": martlet_client_session.MultipartResponseWrapper,
    "MultipartWriter": martlet_client_session.MultipartWriter,
    "content_disposition_filename": martlet_http_parser.content_disposition_filename,
    "parse_content_disposition": martlet_http_parser.parse_content_disposition,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(multipart) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(multipart, NAMES)
