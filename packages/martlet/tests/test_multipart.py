import martlet_client_session
import martlet_http_parser
from martlet import multipart

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
    assert {name: getattr(multipart, name) for name in multipart.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(multipart.__all__) == sorted(NAMES)
    public = {name for name in vars(multipart) if not name.startswith("_")}
    assert public <= set(NAMES)
