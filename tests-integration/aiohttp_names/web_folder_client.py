"""A program of a user of fsspec, which knows nothing of martlet but its first call."""

import sys

import martlet

martlet.install_as_aiohttp()

from pathlib import Path  # noqa: E402

# Installed by the test alone, so type checkers do not know it.
import fsspec  # type: ignore[import-not-found]  # noqa: E402


def main(url: str, folder: str) -> None:
    """Look at what is below *url*, copy it into *folder*; print what is there."""
    files = fsspec.filesystem("http", client_kwargs={"headers": {"X-Key": "k"}})
    alphabet = f"{url}/data/alphabet.txt"

    print([name.removeprefix(url) for name in files.ls(f"{url}/data/", detail=False)])
    print([name.removeprefix(url) for name in files.glob(f"{url}/data/*.txt")])
    print(files.exists(alphabet), files.exists(f"{url}/data/none"), files.isdir(f"{url}/data/"))
    information = files.info(alphabet)
    print(information["size"], information["mimetype"], information["ETag"])

    print(files.cat(alphabet))
    print(files.cat_file(alphabet, start=1, end=4), files.cat_file(alphabet, start=-2))
    both = files.cat([alphabet, f"{url}/data/digits.txt"])
    print(sorted(both.values()))
    print(files.cat_ranges([alphabet, alphabet], [0, 24], [2, 26]))

    with files.open(alphabet, block_size=5) as opened:
        print(opened.read(3), opened.seek(10), opened.read(2), opened.read(6), opened.tell())
    with files.open(alphabet, block_size=0) as opened:
        print(opened.read(2), opened.read(2))
    with fsspec.open(f"{url}/data/digits.txt", "rt") as opened:
        print(opened.readlines())

    files.get_file(alphabet, f"{folder}/copy")
    print(Path(folder, "copy").read_bytes() == files.cat(alphabet))
    files.put_file(f"{folder}/copy", f"{url}/data/new.txt", method="put")
    files.pipe_file(f"{url}/data/piped.txt", b"piped")
    print(files.cat(f"{url}/data/new.txt")[:3], files.cat(f"{url}/data/piped.txt"))
    try:
        files.cat(f"{url}/data/none")
    except FileNotFoundError:
        print("not there")


if __name__ == "__main__":
    main(*sys.argv[1:])
