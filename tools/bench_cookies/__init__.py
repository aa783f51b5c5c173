"""The micro-benchmark of the cookie jar."""
