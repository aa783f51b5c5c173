from martlet.hdrs import *  # noqa: F403
