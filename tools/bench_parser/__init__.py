"""The micro-benchmark of the parser."""
