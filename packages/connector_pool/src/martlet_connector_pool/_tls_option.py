"""The spellings of how to verify, which the session's requests have as well as connectors."""

from martlet_interfaces import merged_ssl

__all__ = ["check_ssl", "merge_ssl"]

check_ssl = merge_ssl = merged_ssl
