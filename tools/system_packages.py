"""Debian packages that tests and demonstrations need: installed where possible, else asked for.

A missing program is an error, never a reason to skip: a test that did not run proves nothing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["SystemPackageError", "ensure"]

# dpkg asks policy-rc.d whether it may start services. The lists of packages may be old or absent:
# then the first try fails and an update helps.
_INSTALL = """
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\\nexit 101\\n' >"$policy"
    chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y --no-install-recommends "$1"; }
install "$1" || { apt-get update && install "$1"; }
"""
_SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")


class SystemPackageError(RuntimeError):
    """A program is missing and could not be installed."""


def ensure(program: str, package: str | None = None) -> Path:
    """Return the program's path; install its Debian package (of the same name) if need be.

    Services that the package brings are not started: tests start their own, configured their way.
    """
    found = _find(program)
    if found is None:
        _install(package or program)
        found = _find(program)
    if found is None:
        raise SystemPackageError(f"{package or program} was installed but has no program {program}")
    return found


def _find(program: str) -> Path | None:
    # An ordinary user's PATH often lacks the sbin folders, where nginx lives.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *_SBIN])
    found = shutil.which(program, path=path)
    return Path(found) if found else None


def _install(package: str) -> None:
    if shutil.which("apt-get") is None:
        raise SystemPackageError(f"please install {package}: it is needed, and there is no apt-get")
    done = _run([*_root_prefix(package), "sh", "-c", _INSTALL, "sh", package])
    if done.returncode:
        raise SystemPackageError(f"apt-get could not install {package}:\n{done.stdout}")


def _root_prefix(package: str) -> list[str]:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and _run([sudo, "-n", "true"]).returncode == 0:
        return [sudo, "-n"]
    raise SystemPackageError(f"please install {package} (apt-get install {package}): it needs root")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(ensure(name))
