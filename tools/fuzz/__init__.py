"""The fuzzer of the parsers."""
