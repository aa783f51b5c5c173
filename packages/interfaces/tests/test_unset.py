"""`UNSET`: one object, whatever is done to it."""

import copy
import pickle

from martlet_interfaces import UNSET, Unset


def test_there_is_one_of_it() -> None:
    assert list(Unset) == [UNSET]
    assert copy.deepcopy(UNSET) is UNSET
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET


def test_its_text_fits_into_a_signature() -> None:
    assert repr(UNSET) == "<unset>"
