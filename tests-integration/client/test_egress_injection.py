"""No text of a caller's ends a line of a request: each is refused before anything is sent, or encoded.

`injection_surface` finds all that there is to be called; a parameter that no case gives, and that
is not known there to be sent nowhere, fails.
"""

import pytest

from .injection_bench import Bench, Case, benched, variants
from .injection_bodies import body_cases
from .injection_cases import request_cases, session_cases
from .injection_objects import object_cases

CASES = [*request_cases(), *session_cases(), *body_cases(), *object_cases()]


async def test_no_text_ends_a_line() -> None:
    faults = []
    async with benched() as bench:
        for case in CASES:
            shape = await bench.shape(case)
            for text in variants(case.text):
                found = await bench.faults(case, text, shape)
                faults += [f"{case} with {text!r}: {fault}" for fault in found]
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:20]])
