"""Compares what martlet offers with the names and signatures that existing code relies on."""
