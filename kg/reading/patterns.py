"""Patterns of identifiers, language tags and values in records, with a message for each mismatch.

Numbers and dates are not checked here: SHACL checks them by their datatype.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from kg.namespaces import ID

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# What a key takes (`kg.reading.ontology.Key.takes`) -> pattern and description; texts have no pattern.
_VALUES: dict[str, tuple[re.Pattern[str], str]] = {
    "thing": (
        re.compile(r"https?://\S+|[A-Za-z0-9][A-Za-z0-9:/#.-]*"),
        "the name of a thing, as in actor:fidel-castro or passage/body-7",
    ),
    "word": (re.compile(r"[A-Za-z][A-Za-z0-9-]*"), "one word of a list, as in `certainty: certain`"),
}


def wrong_slug(name: str) -> str:
    """Return what is wrong with the last part of an identifier; an empty text if it is valid."""
    if _SLUG.fullmatch(name):
        return ""
    return f"{name!r} is not a valid identifier; use lower-case letters a to z, digits and single hyphens"


def wrong_language(name: str) -> str:
    """Return what is wrong with a language tag (RFC 5646); an empty text if it is valid."""
    return "" if _LANGUAGE.fullmatch(name) else f"{name!r} is not a valid language tag; use en, ru or es"


def wrong_value(key: str, takes: str, text: str) -> str:
    """Return what is wrong with the form of a value of `key`; an empty text if it is valid."""
    pattern, description = _VALUES.get(takes, (None, ""))
    if pattern is None or (pattern.fullmatch(text) and _fits_iri(text)):
        return ""
    return f"{key} takes {description}, not {text!r}"


def _fits_iri(text: str) -> bool:
    """Return whether `text` is a valid IRI, or a valid end of one."""
    try:
        ox.NamedNode(text if "://" in text else f"{ID}{text}")
    except ValueError:
        return False
    return True
