# For type checkers only: they check the programs of client/programs as what these become when they
# are run, programs of martlet's. Nothing can be imported from here.
from martlet import *  # noqa: F403

from . import abc as abc
from . import hdrs as hdrs
