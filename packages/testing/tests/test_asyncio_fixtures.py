import pytest

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("scope", ["function", "module", "session"])
def test_they_live_in_the_loop_that_fixtures_have(scope: str, pytester: pytest.Pytester) -> None:
    pytester.makeini(
        f"""
        [pytest]
        asyncio_mode = auto
        asyncio_default_fixture_loop_scope = {scope}
        asyncio_default_test_loop_scope = {scope}
        """
    )
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(3))
        async def test_it(number, martlet_session, martlet_server):
            martlet_server.get("/").respond(text="hello")
            async with martlet_session.get(martlet_server.url) as response:
                assert await response.text() == "hello"
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=3)
