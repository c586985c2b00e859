"""Compare two releases in a process of its own, for a service that has no store itself.

`python -m kg.publishing.changes OLD NEW FOLDER` compares the folders OLD and NEW, writes `changes.md` and
`changes.json` into FOLDER and its path to standard output, or to standard error the reason why not.
It gives way to other processes, and ends when its standard input closes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kg.errors import DataError
from kg.publishing.changes import dump_reader, report_json
from kg.publishing.dumps import background
from kg.store import nquads

_FINDINGS = 3  # shown of those that there are


def main(old: str, new: str, folder: str) -> int:
    """Return the exit code: 0 done, 2 not done."""
    try:
        made = report_json.files(dump_reader.read(Path(old)), dump_reader.read(Path(new)))
        keep(made, Path(folder))
    except DataError as error:
        print(*error.findings[:_FINDINGS], sep="\n", file=sys.stderr)  # noqa: T201
        return 2
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    print(folder)  # noqa: T201 - this is its answer
    return 0


def keep(files: dict[str, bytes], folder: Path) -> None:
    """Write `files` into `folder`, each whole or not at all, the last one when the others are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        nquads.write_atomically(folder / name, content)


if __name__ == "__main__":  # pragma: no cover
    background.become_job()
    sys.exit(main(*sys.argv[1:]))
