"""The files of a new collection, which checks, builds and serves at once."""

from __future__ import annotations

import json
from pathlib import Path

from kg.errors import CablegraphError
from kg.reading.collection import description
from kg.reading.collection.collection import Collection
from kg.reading.collection.description import Description

_SERVICE = "https://cablegraph.example.org/"
_W3ID_HOME = "https://w3id.org/"
_AT_HOME = "Run `cablegraph serve` at <{base}>, or behind a proxy that leads there."
_AT_W3ID = """Write the address of your service into `w3id/.htaccess` and `w3id/README.md`, and a contact.
Fork <https://github.com/perma-id/w3id.org>, put both files into the folder `{folder}` there, and open a pull
request with one commit that names the project."""
_IGNORED = """# Texts of others stay out of the collection.
/texts/
/out/
"""
_CI = """# Checks the records of this collection at each push (GitHub Actions; other services are alike).
name: check
on: [push, pull_request]
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - run: pip install cablegraph  # or the address from which you installed it
      - run: cablegraph check --collection .
"""
_W3ID = """# Redirects <{base}…> to the service of the collection.
# Contact: {curator}, see README.md
RewriteEngine on
RewriteRule ^(.*)$ {service}$1 [R=302,L]
"""
_W3ID_README = """# {title}

Names of things in the collection "{title}": <{base}>.

Redirected to: {service} (write the address of your service here and in `.htaccess`).

Contact: {curator}, GitHub: @your-name
"""
_README = """# {title}

A collection of telegrams for cablegraph. The base IRI of its things is <{base}>.
Curator: {curator}. Licence: <{licence}>.

| file or folder | holds |
|---|---|
| `collection.yaml` | title, base IRI, licence, curator |
| `records/` | a folder for each telegram, and files of what they share: people, issues, events … |
| `queries/*.rq`, `queries/rules/STAGE/*.rq` | questions and rules of your own, if any |
| `ontology/*.ttl`, `shapes/FOLDER/*.ttl` | terms and shapes of your own, if any |
| `texts/` | your copies of the texts, which git ignores |
{w3id}
Own files are added to those of cablegraph, so they have names that cablegraph does not use.

```bash
export CABLEGRAPH_COLLECTION="$PWD"
cablegraph draft page.txt         # writes what a program finds in a text
cablegraph locate --texts texts   # writes the places of new quotes
cablegraph check --texts texts    # until nothing is found
cablegraph build                  # files in out/
cablegraph query telegrams-held
cablegraph serve
```

## Make the IRIs resolve

{resolve}
"""


def write(place: Path, about: Description) -> list[Path]:
    """Write a collection with this description into the new folder `place`; return its files.

    Raises CablegraphError if the folder is not empty, and DataError if the description is not valid.
    """
    if place.exists() and any(place.iterdir()):
        raise CablegraphError(f"{place} is not empty; name a new folder, so that no file is overwritten")
    made = []
    (place / "records").mkdir(parents=True, exist_ok=True)
    for name, text in _files(about).items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        made.append(file)
    Collection.at(place)
    return made


def check(about: Description) -> None:
    """Raise DataError if the description is not valid."""
    description.parse(_yaml(about).encode())


def _files(about: Description) -> dict[str, str]:
    values = {name: getattr(about, name) for name in ("title", "base", "licence", "curator")}
    folder = about.base.removeprefix(_W3ID_HOME).strip("/") if about.base.startswith(_W3ID_HOME) else ""
    values |= {"service": _SERVICE, "folder": folder}
    values |= {
        "w3id": "| `w3id/` | the folder to submit to w3id.org |\n" if folder else "",
        "resolve": (_AT_W3ID if folder else _AT_HOME).format(**values),
    }
    rules = {"w3id/.htaccess": _W3ID, "w3id/README.md": _W3ID_README} if folder else {}
    return {
        **{name: text.format(**values) for name, text in rules.items()},
        description.FILE: _yaml(about),
        "README.md": _README.format(**values),
        ".gitignore": _IGNORED,
        ".github/workflows/check.yml": _CI,
        "records/README.md": "Records of the collection; kg/records/README.md of cablegraph explains them.\n",
    }


def _yaml(about: Description) -> str:
    lines = [f"{name}: {json.dumps(getattr(about, name), ensure_ascii=False)}"
             for name in ("title", "base", "licence", "curator")]  # fmt: skip
    lines += [
        f"{name}: [{', '.join(json.dumps(item, ensure_ascii=False) for item in getattr(about, name))}]"
        for name in ("languages", "places", "zones")
        if getattr(about, name)
    ]
    return "\n".join([*lines, ""])
