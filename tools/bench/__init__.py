"""The benchmark of martlet."""
