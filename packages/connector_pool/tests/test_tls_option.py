from martlet_connector_pool._tls_option import check_ssl, merge_ssl
from martlet_interfaces import merged_ssl


def test_the_spellings_are_those_of_the_whole_client() -> None:
    assert check_ssl is merge_ssl is merged_ssl
