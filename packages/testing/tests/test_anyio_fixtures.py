import pytest

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    "others",
    [
        ["-p", "no:asyncio"],
        ["--asyncio-mode=strict", "-o", "asyncio_default_fixture_loop_scope=function"],
    ],
)
def test_anyios_plugin_runs_them(others: list[str], pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio
        import pytest

        pytestmark = pytest.mark.anyio

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        async def test_mocked(martlet_session, martlet_mock):
            martlet_mock.get("http://a/").respond(text="hello")
            async with martlet_session.get("http://a/") as response:
                assert await response.text() == "hello"

        async def test_served(martlet_session, martlet_server):
            martlet_server.get("/").respond(text="hello")
            for _ in range(2):
                async with martlet_session.get(martlet_server.url) as response:
                    assert await response.text() == "hello"
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-W", "error", *others)
    result.assert_outcomes(passed=2)
