"""What a middleware for retries is given."""

import random
from math import inf, nan
from typing import Any

import pytest

from martlet_client_session._backoff import ExponentialBackoff
from martlet_client_session._retry import RetryMiddleware
from martlet_client_session._retry_budget import RetryBudget


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("attempts", 0, ValueError, "at least 1"),
        ("attempts", -1, ValueError, "at least 1"),
        ("attempts", 2.0, TypeError, "must be an int, not float"),
        ("attempts", True, TypeError, "must be an int, not bool"),
        ("attempts", None, TypeError, "must be an int, not NoneType"),
        ("statuses", 503, TypeError, r"a set such as \{503\}, not 503"),
        ("statuses", "503", TypeError, "a set such as"),
        ("statuses", b"503", TypeError, "a set such as"),
        ("statuses", None, TypeError, "a set such as"),
        ("statuses", ["503"], TypeError, "must be an int, not str"),
        ("statuses", [True], TypeError, "must be an int, not bool"),
        ("statuses", [99], ValueError, "three digits: 99"),
        ("statuses", [1000], ValueError, "three digits: 1000"),
        ("methods", "GET", TypeError, r'a set such as \{"GET"\}, or None'),
        ("methods", b"GET", TypeError, "a set such as"),
        ("methods", 1, TypeError, "a set such as"),
        ("methods", [b"GET"], TypeError, "must be a str, not bytes"),
        ("exceptions", None, TypeError, "must be classes of exceptions, not None"),
        ("exceptions", KeyboardInterrupt, TypeError, "must be classes of exceptions"),
        ("exceptions", [OSError()], TypeError, "must be classes of exceptions"),
        ("exceptions", "OSError", TypeError, "must be classes of exceptions"),
        ("backoff", 0.5, TypeError, r"0\.5 cannot be called: give ExponentialBackoff"),
        ("backoff", None, TypeError, "cannot be called"),
        ("jitter", 0.5, TypeError, r"a bool or a random\.Random, not float"),
        ("jitter", None, TypeError, "a bool or a random"),
        ("retry_after", 60, TypeError, "a bool, not int: seconds go into max_retry_after"),
        ("max_retry_after", "60", TypeError, "must be a number"),
        ("max_retry_after", -1, ValueError, "at least 0, not -1"),
        ("max_retry_after", nan, ValueError, "at least 0, not nan"),
        ("budget", 0.2, TypeError, "must be a RetryBudget or None, not float"),
        ("budget", True, TypeError, "must be a RetryBudget or None, not bool"),
    ],
)
def test_what_is_refused(name: str, value: object, error: type[Exception], message: str) -> None:
    make: Any = RetryMiddleware
    with pytest.raises(error, match=message):
        make(**{name: value})


@pytest.mark.parametrize(
    "options",
    [
        {"statuses": [503]},
        {"statuses": range(500, 600)},
        {"statuses": {503: "x"}},
        {"methods": None},
        {"methods": ("GET",)},
        {"exceptions": OSError},
        {"exceptions": [OSError, TimeoutError]},
        {"backoff": ExponentialBackoff()},
        {"backoff": float},
        {"jitter": random.Random(1)},
        {"jitter": random.SystemRandom()},
        {"max_retry_after": inf},
        {"budget": None},
        {"budget": RetryBudget()},
    ],
    ids=lambda options: " ".join(options),
)
def test_what_is_taken(options: dict[str, Any]) -> None:
    RetryMiddleware(1, **options)


def test_all_but_the_attempts_is_named() -> None:
    make: Any = RetryMiddleware
    with pytest.raises(TypeError):
        make(3, {503})
