import pytest

from martlet._timer_noop import TimerNoop


def test_it_never_runs_out() -> None:
    timer = TimerNoop()
    with timer as entered:
        timer.assert_timeout()
    assert entered is timer


def test_errors_pass_through() -> None:
    with pytest.raises(ValueError, match=r"^mine$"), TimerNoop():
        raise ValueError("mine")
