from enum import IntEnum

import diagrams
from martlet_http_parser import _states


class _Light(IntEnum):
    RED = 0
    GREEN = 1
    OFF = 2


class _Event(IntEnum):
    TIME_UP = 0
    SWITCH = 1
    BREAK = 2


TABLE = {
    _Light.RED: {_Event.TIME_UP: _Light.GREEN, _Event.SWITCH: _Light.OFF, _Event.BREAK: _Light.OFF},
    _Light.GREEN: {_Event.TIME_UP: _Light.RED},
    _Light.OFF: {},
}


def test_a_table_is_drawn_where_it_is_named() -> None:
    text = (
        "before\n<!-- drawn from LIGHTS by tools/diagrams.py -->\nold\n"
        "<!-- end of the drawing -->\nafter\n"
    )
    assert diagrams.drawn(text, {"LIGHTS": TABLE}) == (
        "before\n<!-- drawn from LIGHTS by tools/diagrams.py -->\n"
        "```mermaid\n"
        "stateDiagram-v2\n"
        "    [*] --> RED\n"
        "    RED --> GREEN: time up\n"
        "    RED --> OFF: switch, break\n"
        "    GREEN --> RED: time up\n"
        "    OFF --> [*]\n"
        "```\n"
        "<!-- end of the drawing -->\nafter\n"
    )


def test_the_page_shows_the_tables_that_the_parser_moves_by() -> None:
    text = diagrams.PAGE.read_text(encoding="utf-8")
    tables = {name: getattr(_states, name) for name in _states.__all__ if name.endswith("_MOVES")}
    assert tables
    assert diagrams.drawn(text, tables) == text
    for name in tables:
        assert f"<!-- drawn from {name} by tools/diagrams.py -->\n```mermaid\n" in text
