from pathlib import Path

import pytest

from .answering import web_server
from .graphql_server import GraphQLHandler, web_socket_server
from .library_programs import install, run_program

LIBRARIES = ["gql==4.4.0", "graphql-core==3.3.2", "tenacity==9.2.1"]


@pytest.fixture(scope="module")
def libraries(pip: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(pip, tmp_path_factory.mktemp("libraries"), *LIBRARIES)


def test_queries_and_subscriptions(libraries: Path) -> None:
    with web_server(GraphQLHandler) as url, web_socket_server() as ws_url:
        lines = run_program("graphql_client.py", libraries, url, ws_url)
    assert lines == [
        "{'hello': 'Hello, Ann'}",
        "local",
        "[{'hello': 'Hello, a'}, {'hello': 'Hello, b'}]",
        "{'upload': True}",
        "[{'message': 'no nonsense'}]",
        "503",
        "{'hello': 'Hello, Bob'}",
        "[1, 2, 3]",
        "{'count': 1}",
        "[{'message': 'no nonsense'}]",
        "WSServerHandshakeError",
    ]
