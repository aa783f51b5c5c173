"""The fuzzer of the parser."""
