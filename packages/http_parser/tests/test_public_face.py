import re

import martlet_http_parser


def test_all_names_exactly_what_is_public() -> None:
    public = {
        name
        for name, value in vars(martlet_http_parser).items()
        if not name.startswith("_") and not hasattr(value, "__path__")
    }
    assert public == set(martlet_http_parser.__all__)


def test_all_is_sorted_and_holds_nothing_twice() -> None:
    names = martlet_http_parser.__all__
    constants = sorted(name for name in names if name.isupper())
    classes = sorted(name for name in names if name[0].isupper() and not name.isupper())
    functions = sorted(name for name in names if name.islower())
    assert names == [*constants, *classes, *functions]
    assert len(set(names)) == len(names)


def test_each_name_is_documented_and_says_where_it_comes_from() -> None:
    for name in martlet_http_parser.__all__:
        value = getattr(martlet_http_parser, name)
        if callable(value) and name != "OnHead":
            assert value.__doc__, name
            assert value.__module__.startswith("martlet_http_parser._"), name


def test_the_version_is_a_release() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", martlet_http_parser.__version__)
