import re
import subprocess
import sys
from types import ModuleType

import martlet_websocket

# A value.
CONSTANTS = {"MAX_MSG_SIZE"}


def test_a_private_name_of_a_module_is_not_offered() -> None:
    public = {
        name
        for name, value in vars(martlet_websocket).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public == set(martlet_websocket.__all__)


def test_all_is_sorted_and_holds_nothing_twice() -> None:
    names = martlet_websocket.__all__
    constants = sorted(name for name in names if name.isupper())
    classes = sorted(name for name in names if name[0].isupper() and not name.isupper())
    functions = sorted(name for name in names if name.islower())
    assert names == [*constants, *classes, *functions]
    assert len(set(names)) == len(names)


def test_each_name_is_documented_and_says_where_it_comes_from() -> None:
    for name in martlet_websocket.__all__:
        value = getattr(martlet_websocket, name)
        if name not in CONSTANTS:
            assert value.__doc__, name
            assert value.__module__.startswith("martlet_websocket._"), name


def test_each_public_method_is_documented() -> None:
    for name in martlet_websocket.__all__:
        kind = getattr(martlet_websocket, name)
        if isinstance(kind, type) and kind.__module__.startswith("martlet_websocket."):
            for method, value in vars(kind).items():
                if not method.startswith("_") and callable(value):
                    assert value.__doc__, f"{name}.{method}"


def test_the_version_is_a_release() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", martlet_websocket.__version__)


def test_a_connection_imports_neither_event_loop_nor_socket_nor_tls() -> None:
    program = """
import sys
from martlet_websocket import ClientHandshake, DeflateOffer, DeflateParameters
from martlet_websocket import WebSocketConnection, accept_handshake
client = ClientHandshake(deflate=DeflateOffer())
answer = accept_handshake("GET", client.fields(), deflate=DeflateParameters())
agreement = client.check(101, answer.fields)
ends = [WebSocketConnection(client=side, deflate=agreement.deflate) for side in (True, False)]
assert ends[1].receive_data(ends[0].send_text("a" * 1000))[0].data == "a" * 1000
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "martlet_websocket" in loaded
    assert not {"asyncio", "selectors", "socket", "ssl"} & loaded
