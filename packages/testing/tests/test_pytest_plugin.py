import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

README = Path(__file__).parents[1] / "README.md"
OPTIONS = ["-p", "no:cacheprovider"]


@pytest.fixture(params=["auto", "strict"])
def asyncio_run(request: pytest.FixtureRequest, pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder for tests that pytest-asyncio runs in one of its modes."""
    pytester.makeini(
        f"""
        [pytest]
        asyncio_mode = {request.param}
        asyncio_default_fixture_loop_scope = function
        filterwarnings = error
        addopts = --strict-markers
        """
    )
    return pytester


def run(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    pytester.makepyfile("import pytest\npytestmark = [pytest.mark.asyncio]\n" + source)
    return pytester.runpytest_inprocess(*OPTIONS)


def test_the_readmes_example_runs(asyncio_run: pytest.Pytester) -> None:
    section = README.read_text(encoding="utf-8").partition("\n## pytest\n")[2]
    example = re.search(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert example is not None
    run(asyncio_run, example[1]).assert_outcomes(passed=2)


def test_a_session_goes_over_the_mock_and_is_closed(asyncio_run: pytest.Pytester) -> None:
    result = run(
        asyncio_run,
        """
sessions = []

async def test_first(martlet_session, martlet_mock):
    sessions.append(martlet_session)
    martlet_mock.get("http://a/")
    async with martlet_session.get("http://a/") as response:
        assert response.status == 200

async def test_second(martlet_session):
    assert sessions[0].closed
    assert not martlet_session.closed
""",
    )
    result.assert_outcomes(passed=2)


def test_a_session_without_the_mock_goes_over_the_network(asyncio_run: pytest.Pytester) -> None:
    result = run(
        asyncio_run,
        """
async def test_it(martlet_session, martlet_server):
    martlet_server.get("/").respond(text="hello")
    async with martlet_session.get(martlet_server.url) as response:
        assert await response.text() == "hello"
""",
    )
    result.assert_outcomes(passed=1)


def test_a_fixture_may_use_them(asyncio_run: pytest.Pytester) -> None:
    result = run(
        asyncio_run,
        """
import pytest_asyncio

@pytest.fixture
def api(martlet_mock):
    martlet_mock.get("http://a/").respond(text="hello")

@pytest_asyncio.fixture
async def text(api, martlet_session):
    async with martlet_session.get("http://a/") as response:
        yield await response.text()

async def test_it(text):
    assert text == "hello"
""",
    )
    result.assert_outcomes(passed=1)


def test_a_route_that_was_not_called_is_an_error(asyncio_run: pytest.Pytester) -> None:
    result = run(
        asyncio_run,
        """
async def test_it(martlet_mock):
    martlet_mock.get("http://a/")
""",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*AssertionError: GET http://a/ was never called"])


def test_a_request_without_a_route_is_an_error_though_it_was_caught(
    asyncio_run: pytest.Pytester,
) -> None:
    result = run(
        asyncio_run,
        """
async def test_it(martlet_mock, martlet_session):
    with pytest.raises(AssertionError):
        await martlet_session.get("http://a/")
""",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*AssertionError: GET http://a/ had no route"])


def test_a_failed_test_is_no_error_besides(asyncio_run: pytest.Pytester) -> None:
    result = run(
        asyncio_run,
        """
async def test_it(martlet_mock):
    martlet_mock.get("http://a/")
    raise LookupError
""",
    )
    result.assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("options", "outcomes"),
    [
        ("assert_all_called=False", {"passed": 1}),
        ("assert_all_called=True", {"passed": 1, "errors": 1}),
        ("", {"passed": 1, "errors": 1}),
    ],
)
def test_the_marker_says_whether_routes_have_to_be_called(
    options: str, outcomes: dict[str, int], asyncio_run: pytest.Pytester
) -> None:
    result = run(
        asyncio_run,
        f"""
@pytest.mark.martlet_mock({options})
async def test_it(martlet_mock):
    martlet_mock.get("http://a/")
""",
    )
    result.assert_outcomes(**outcomes)


@pytest.mark.parametrize("options", ["False", "assert_all_called=0", "assert_all_caled=False"])
def test_a_wrong_marker_is_refused(options: str, asyncio_run: pytest.Pytester) -> None:
    result = run(
        asyncio_run,
        f"""
@pytest.mark.martlet_mock({options})
async def test_it(martlet_mock):
    pass
""",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*UsageError: *write @pytest.mark.martlet_mock(*"])


def test_what_a_handler_of_the_server_raises_is_an_error(asyncio_run: pytest.Pytester) -> None:
    result = run(
        asyncio_run,
        """
async def test_it(martlet_session, martlet_server):
    @martlet_server.get("/")
    def handler(request):
        raise LookupError("the handler's own")

    async with martlet_session.get(martlet_server.url) as response:
        assert response.status == 500
""",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*LookupError: the handler's own"])


def test_a_mock_needs_no_event_loop(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(martlet_mock):
            martlet_mock.get("http://a/", required=False)
        """
    )
    pytester.runpytest_inprocess(*OPTIONS, "-p", "no:asyncio", "-p", "no:anyio").assert_outcomes(
        passed=1
    )


@pytest.mark.parametrize("name", ["martlet_session", "martlet_server"])
def test_without_a_plugin_for_coroutines_they_are_refused(
    name: str, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(f"def test_it({name}): pass")
    result = pytester.runpytest_inprocess(*OPTIONS, "-p", "no:asyncio", "-p", "no:anyio")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*UsageError: {name} needs an event loop: install *"])


def test_the_fixtures_are_documented(asyncio_run: pytest.Pytester) -> None:
    result = asyncio_run.runpytest_inprocess(*OPTIONS, "--fixtures")
    result.stdout.fnmatch_lines(["martlet_mock --*", "martlet_session --*", "martlet_server --*"])
    result = asyncio_run.runpytest_inprocess(*OPTIONS, "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.martlet_mock(assert_all_called=True): *"])
