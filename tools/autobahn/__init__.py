"""Autobahn's conformance suite for WebSockets, run against martlet's client."""
