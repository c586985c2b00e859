"""Texts as they are compared: without case and accents (Unicode Standard Annex 15)."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return `text` in small letters, without accents, with single spaces."""
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(plain.casefold().split())
