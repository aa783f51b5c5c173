"""How long a target may take: a time that is proportional to what it has to read."""

import time
from collections.abc import Callable

from ._target import FindingError, Target

__all__ = ["run_within_budget"]

# For the collector, and whatever else happens now and then.
_ALLOWANCE = 0.5


def run_within_budget(
    target: Target, data: bytes, clock: Callable[[], float] = time.process_time
) -> None:
    """Try *data*; taking too long is a `FindingError`.

    The processor's time is measured, so other programs do not matter.
    """
    start = clock()
    size = target.run(data)
    spent = clock() - start
    allowed = _ALLOWANCE + target.seconds_per_byte * size
    if spent > allowed:
        raise FindingError(f"{size} bytes took {spent:.2f} s, more than {allowed:.2f} s")
