import martlet_client_session
from martlet import formdata

NAMES: dict[str, object] = {
    "FormData": martlet_client_session.FormData,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert {name: getattr(formdata, name) for name in formdata.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(formdata.__all__) == sorted(NAMES)
    public = {name for name in vars(formdata) if not name.startswith("_")}
    assert public <= set(NAMES)
