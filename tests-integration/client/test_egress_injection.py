"""No text of a caller's ends a line of a request: it is refused before a byte is sent, or encoded.

`injection_surface` finds all that can be called. A parameter that may hold text fails if no case
gives it, and it is not said there why it is never sent.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

import pytest

from .injection_bench import Case, benched, variants
from .injection_bodies import body_cases
from .injection_cases import request_cases, session_cases
from .injection_objects import object_cases
from .injection_requests import by_hand_cases
from .injection_surface import NEVER_SENT, is_known_unsent, text_parameters

CASES = [*request_cases(), *session_cases(), *body_cases(), *object_cases(), *by_hand_cases()]
_SHOWN = 10


def _by_callable() -> Iterator[object]:
    cases = sorted(CASES, key=attrgetter("callable"))
    for name, of_one in groupby(cases, attrgetter("callable")):
        yield pytest.param(list(of_one), id=name)


@pytest.mark.parametrize("cases", list(_by_callable()))
async def test_no_text_ends_a_line(cases: list[Case]) -> None:
    faults = []
    async with benched() as bench:
        for case in cases:
            shape = await bench.shape(case)
            for text in variants(case.text):
                found = await bench.faults(case, text, shape)
                faults += [f"{case} with {text!r}: {fault}" for fault in found]
    shown = "\n".join(faults[:_SHOWN])
    assert not faults, f"{len(faults)} faults\n{shown}"


def test_each_text_has_a_case() -> None:
    covered = {(case.callable, case.parameter) for case in CASES}
    unknown = {
        f"{where}({parameter})"
        for where, parameter in text_parameters()
        if (where, parameter) not in covered and not is_known_unsent(where, parameter)
    }
    assert not unknown, f"Add a case, or say why it is never sent: {sorted(unknown)}"


def test_what_is_known_is_there() -> None:
    there = {name for where, _ in text_parameters() for name in (where, where.partition(".")[0])}
    assert not NEVER_SENT.keys() - there
    parameters = set(text_parameters())
    for name, (_, known) in NEVER_SENT.items():
        of_it = {one for where, one in parameters if where == name or where.startswith(f"{name}.")}
        assert not set(known.split()) - of_it, name
