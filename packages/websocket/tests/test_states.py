from itertools import product

from martlet_websocket import WSState
from martlet_websocket._states import TRANSITIONS, Step


def test_each_state_can_be_reached_and_closed_is_the_end() -> None:
    assert {WSState.OPEN, *TRANSITIONS.values()} == set(WSState)
    assert all(state is not WSState.CLOSED for state, _ in TRANSITIONS)


def test_all_but_closed_may_be_lost() -> None:
    for state in set(WSState) - {WSState.CLOSED}:
        assert TRANSITIONS[state, Step.LOSE] is WSState.CLOSED


def test_each_side_closes_once() -> None:
    for first, second in product((Step.SEND_CLOSE, Step.RECEIVE_CLOSE), repeat=2):
        state = TRANSITIONS[WSState.OPEN, first]
        assert ((state, second) in TRANSITIONS) == (first is not second)
