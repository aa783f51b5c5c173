"""What a program finds in its environment: a ``.netrc`` and proxies, full of canaries."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import field, frozen

from .canary_proxies import PROXIES
from .redirect_chains import HOSTS, Place, canary

__all__ = ["SURROUNDINGS", "NetrcOwners", "Surroundings"]

_MACHINES: Final = tuple(host for host in HOSTS if not host.endswith(".") and host != "other.test")


@frozen
class Surroundings:
    """One environment."""

    machines: Mapping[str, frozenset[str]] = field(factory=dict)
    """The canaries of the entries of the file, by host."""
    default: frozenset[str] = frozenset()
    """Those of the entry for all other hosts."""
    proxies: Mapping[str, str] = field(factory=dict)
    """Variables of the environment, such as ``http_proxy``."""

    def write_netrc(self, folder: Path) -> Path:
        """Write the file that there has to be."""
        entries = {f"machine {host}": pair for host, pair in self.machines.items()}
        if self.default:
            entries["default"] = self.default
        path = folder / "netrc"
        path.write_text(
            "".join(
                "{} login {} password {}\n".format(start, *sorted(pair))
                for start, pair in entries.items()
            )
        )
        return path


def _pair(name: str) -> frozenset[str]:
    return frozenset({canary(f"netrcalogin{name}"), canary(f"netrcpassword{name}")})


_ENTRIES: Final = {host: _pair(str(number)) for number, host in enumerate(_MACHINES)}
SURROUNDINGS: Final = (
    Surroundings(_ENTRIES, _pair("default")),
    Surroundings(
        _ENTRIES,
        proxies={
            f"{scheme}_proxy": (
                f"http://{canary(f'envlogin{name}')}:{canary(f'envpassword{name}')}@{PROXIES[name]}"
            )
            for scheme, name in (("http", "first"), ("https", "second"))
        },
    ),
    Surroundings({}, _pair("default")),
)


@frozen
class NetrcOwners:
    """Who may see what the file says, along one chain.

    The file names hosts: each host has its entry at the first origin that the chain has with it,
    and never out of TLS once there was some. The entry for all others is the first host's.
    """

    surroundings: Surroundings
    _homes: dict[str, Place] = field(factory=dict)
    _past: list[Place] = field(factory=list)

    def visit(self, place: Place) -> frozenset[str]:
        """Go on to *place*; give the canaries that it may see."""
        host = place.host.removesuffix(".")
        home = self._homes.setdefault(host, place)
        left_tls = not place.is_secure and any(past.is_secure for past in self._past)
        self._past.append(place)
        entry = self.surroundings.machines.get(host)
        if entry is None and host == next(iter(self._homes)):
            entry = self.surroundings.default
        return frozenset() if entry is None or place != home or left_tls else entry
