from martlet_exceptions import ClientPayloadError, UploadAbortedError


def test_texts_are_what_was_given() -> None:
    assert str(ClientPayloadError("cut short")) == "cut short"
    assert repr(UploadAbortedError("cut short")) == "UploadAbortedError('cut short')"
    assert str(ClientPayloadError()) == ""
