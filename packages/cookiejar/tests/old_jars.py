"""Pickles of jars as aiohttp had them before its version 3.14."""

import pickle
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator
from http.cookies import SimpleCookie
from zlib import decompress

__all__ = ["BY_DOMAIN", "BY_DOMAIN_AND_PATH", "WRITTEN_BY_3_7", "WRITTEN_BY_3_12", "pickles"]

BY_DOMAIN: dict[str, SimpleCookie] = {
    "www.example.com": SimpleCookie(
        'sid="a b"; Domain=www.example.com; Path=/docs/; Secure; HttpOnly; '
        "until=1; Domain=www.example.com; Path=/docs; Expires=Wed, 01 Jan 2031 00:00:00 GMT"
    ),
    "example.com": SimpleCookie("lang=en; Domain=example.com; Path=/docs; Max-Age=3600"),
    "": SimpleCookie("all=1; Path=/"),
}
BY_DOMAIN_AND_PATH: dict[tuple[str, str], SimpleCookie] = {
    ("www.example.com", "/docs"): BY_DOMAIN["www.example.com"],
    ("example.com", "/docs"): BY_DOMAIN["example.com"],
    ("", ""): BY_DOMAIN[""],
}

# The same cookies, from jars that were given the fields of a response of
# https://www.example.com/docs/x: by aiohttp 3.7.4 of Python 3.7 and aiohttp 3.12.15 of Python 3.12.
WRITTEN_BY_3_7 = decompress(
    b64decode(
        """
        eNp1UE1Lw0AQ7VfaYosVrYpFJZSKFWqbWvDg1YMg9KKCR9kmYyd0k5Qm24+DoAfBw9wc/6+bVAW/lh3YfW/mzZt5
        zL01M6nkUMkOpAQ7cgM/ZCo5cC+UjBzXjviVqYxRNG7bQTByQdPla9cbSzhP/pp/5ituUmU2m7VhLmJK53qMxtGT
        xrOh6zBmKd8PJiFInZ/ABZiP3Uksl2LKjUWETPmOE9hhh6mg6z3wI8YK5Z3AE67PWKSCJ+bHYggJHIKtJsAvVIzd
        Bb5c6HdhCpNQD6Ez1EPcfAQLxhUypkIqYMoKc8DxtA44dx+YUddgndWADOVHrmQsxw5xlfZuwWmZVte8FL55YvW6
        pmWdJde86N8wrpGROGZcxwpu/LGCqsY3dWzp2F56wh3cxxqlu4y72FADRaVfW6OcFP7wy4gu/tEKD7BKud6pZfEf
        +odaPwN+3KClBqHmEtGskPK7ZrrzqVf5x2oba9hYGg1V+x1/TsCt
        """
    )
)
WRITTEN_BY_3_12 = decompress(
    b64decode(
        """
        eNp9UMFOGzEQTUg2iZQIGkRTQI1YOFBQS7IJEgeuHJCQcmmROCJnd2AsvLtRbJNwqASHVj3MjeF/sZekUg/F8sj2
        vDdv3vgxeDlbKRWLmnGuFMRG5plmaiZwI6wyiYwNPzO10JhJL87zOwkObv2Q6UTBWfF2+C/+zge0NpvNejAXHnLc
        lCnoJ3ms+TdjcPjkGBUtE8YK1Ub5VINylUW6DvOJnHrhElN1Igwy1YrSPlPdKaWQGcY21ZI8FTJjbFA9FfMjcQtF
        WkNsp8B/qOF95pl6cPf6PUy1G8czGlqkoKXxdPvTO7mDB8YWBfdCWWCqiHDM/hMSSK4XuWDPJffYjimwmZGKcdXb
        xQ/UvYLkWxgNwguRhcPoeBBG0Wmxw/PRJeP6cnLcwDZ+xAZ23PnJxaaLLRfbbz7wM+5il8oDxh3ct2NLzXc+kKpK
        ZLd/bTiZdTxYtPiCHaoen0QR/6fPV9dnBTLfqG/H2mHtpWxFKPWPKpX7S+vtd6wPsYv7b8a17b0CDMzJ8g==
        """
    )
)


def pickles() -> Iterator[bytes]:
    """Both layouts, as dicts and defaultdicts, by all protocols."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for jar in (BY_DOMAIN, BY_DOMAIN_AND_PATH):
            yield pickle.dumps(jar, protocol)
            yield pickle.dumps(defaultdict(SimpleCookie, jar), protocol)
