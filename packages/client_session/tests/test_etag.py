import pickle

import pytest
from attrs.exceptions import FrozenInstanceError

from martlet_client_session._etag import ETag


def test_tag_is_strong_unless_said_otherwise() -> None:
    tag = ETag("abc")
    assert (tag.value, tag.is_weak) == ("abc", False)
    assert repr(tag) == "ETag(value='abc', is_weak=False)"


def test_order_of_the_fields_is_frozen() -> None:
    assert ETag("abc", True) == ETag(value="abc", is_weak=True)


def test_equal_if_both_fields_are() -> None:
    assert ETag("abc") == ETag("abc")
    assert hash(ETag("abc")) == hash(ETag("abc"))
    assert ETag("abc") != ETag("abd")
    assert ETag("abc") != ETag("abc", is_weak=True)
    assert len({ETag("abc"), ETag("abc"), ETag("abc", is_weak=True)}) == 2


def test_a_tag_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        ETag("abc").value = "abd"  # type: ignore[misc]  # what is tested


def test_it_pickles() -> None:
    tag = ETag("abc", is_weak=True)
    assert pickle.loads(pickle.dumps(tag)) == tag
