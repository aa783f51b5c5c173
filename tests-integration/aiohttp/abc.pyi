from martlet.abc import *  # noqa: F403
