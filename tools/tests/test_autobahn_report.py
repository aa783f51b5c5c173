"""What the suite says is read, counted and judged."""

import json
from pathlib import Path

import pytest

from autobahn._report import INFORMATIONAL, Case, counts, faults, read_report, table


def case(name: str, behaviour: str = "OK", closing: str = "OK") -> Case:
    return Case(name, behaviour, closing, f"case_{name}.html")


def cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in text.splitlines()]


def entry(behaviour: str, closing: str, file: str) -> dict[str, object]:
    more = {"duration": 3, "remoteCloseCode": 1000, "reportfile": file}
    return {"behavior": behaviour, "behaviorClose": closing, **more}


def test_a_report_is_read_in_the_order_of_the_suite(tmp_path: Path) -> None:
    index = {
        "martlet": {
            "10.1.1": entry("OK", "OK", "martlet_case_10_1_1.json"),
            "7.1.6": entry("INFORMATIONAL", "INFORMATIONAL", "martlet_case_7_1_6.json"),
            "7.1.10": entry("FAILED", "UNCLEAN", "martlet_case_7_1_10.json"),
        },
        "other": {"1.1.1": entry("OK", "OK", "other_case_1_1_1.json")},
    }
    (tmp_path / "index.json").write_text(json.dumps(index), encoding="utf-8")
    assert read_report(tmp_path, "martlet") == [
        Case("7.1.6", "INFORMATIONAL", "INFORMATIONAL", str(tmp_path / "martlet_case_7_1_6.html")),
        Case("7.1.10", "FAILED", "UNCLEAN", str(tmp_path / "martlet_case_7_1_10.html")),
        Case("10.1.1", "OK", "OK", str(tmp_path / "martlet_case_10_1_1.html")),
    ]
    assert read_report(tmp_path, "nobody") == []


def test_without_a_report_there_are_no_cases(tmp_path: Path) -> None:
    assert read_report(tmp_path, "martlet") == []
    assert read_report(tmp_path / "none", "martlet") == []


def test_counts() -> None:
    found = counts([case("1.1.1"), case("1.1.2", "NON-STRICT"), case("1.1.3", closing="UNCLEAN")])
    assert found["OK"] == 2
    assert found["NON-STRICT"] == 1
    assert found["FAILED"] == 0
    assert found["closing OK"] == 2
    # What has no column of its own is no success.
    assert found["closing FAILED"] == 1


def test_the_table_has_a_row_for_each_group() -> None:
    some = [case("2.1"), case("2.2", "UNIMPLEMENTED"), case("13.1.1", closing="WRONG CODE")]
    head, _, two, thirteen, all_ = cells(table(some))
    assert head[0] == "group"
    assert head[2:] == ["cases", "OK", "INFORMATIONAL", "NON-STRICT", "UNIMPLEMENTED", "FAILED"]
    none = "\N{EN DASH}"
    assert two == ["2", "pings and pongs", "2", "1 / 2", none, none, "1 / 0", none]
    assert thirteen[0] == "13"
    assert thirteen[2:] == ["1", "1 / 0", none, none, none, "0 / 1"]
    assert all_ == ["all", "", "3", "2 / 2", none, none, "1 / 0", "0 / 1"]


@pytest.mark.parametrize("wrong", ["FAILED", "NON-STRICT", "UNIMPLEMENTED", "WRONG CODE"])
def test_what_is_not_as_it_must_be_is_a_fault(wrong: str) -> None:
    known = next(iter(INFORMATIONAL))
    for name in ("1.1.1", known):
        for one in (case(name, wrong), case(name, closing=wrong)):
            (fault,) = faults([case("2.1"), one])
            assert fault.startswith(f"case {name}: ")
            assert wrong in fault
            assert fault.endswith(f"see case_{name}.html")


def test_informational_is_allowed_where_it_is_meant() -> None:
    assert faults([case(name, "INFORMATIONAL", "INFORMATIONAL") for name in INFORMATIONAL]) == []
    assert faults([case(name) for name in INFORMATIONAL]) == []
    assert len(faults([case("9.1.1", "INFORMATIONAL", "INFORMATIONAL")])) == 1
