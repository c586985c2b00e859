"""Program that compares two releases in a process of its own, for a service without a store.

`python -m kg.publishing.changes OLD NEW FOLDER` compares the folders OLD and NEW. It writes `changes.md`
and `changes.json` into FOLDER, whose path it prints to standard output; the reason for a failure goes to
standard error. It has low priority, and ends when its standard input closes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kg.errors import DataError
from kg.publishing.changes import dump_reader, report_json
from kg.publishing.dumps import background
from kg.resources import write_atomically

_FINDINGS = 3  # at most, on standard error


def main(old: str, new: str, folder: str) -> int:
    """Write the report on the releases `old` and `new` into `folder`; return the exit code, 0 or 2."""
    try:
        files = report_json.files(dump_reader.read(Path(old)), dump_reader.read(Path(new)))
        write_files(files, Path(folder))
    except DataError as error:
        print(*error.findings[:_FINDINGS], sep="\n", file=sys.stderr)  # noqa: T201
        return 2
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    print(folder)  # noqa: T201 - the result
    return 0


def write_files(files: dict[str, bytes], folder: Path) -> None:
    """Write `files` by name into `folder` in their order, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_atomically(folder / name, content)


if __name__ == "__main__":  # pragma: no cover
    background.become_job()
    sys.exit(main(*sys.argv[1:]))
