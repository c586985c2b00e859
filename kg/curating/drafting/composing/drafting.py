"""The drafts of one file: which form it has, its documents, and why a page is none."""

from __future__ import annotations

import re
from pathlib import Path

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.page_draft import page_draft
from kg.curating.drafting.composing.refusal import why_no_document
from kg.curating.drafting.composing.tei_draft import tei_draft
from kg.curating.drafting.source.html_page import html_source, looks_like_html
from kg.curating.drafting.source.plain_text import decoded, plain_source, read_bytes
from kg.curating.drafting.source.tei_volume import read_volume
from kg.errors import NoDocumentError

_XML = re.compile(
    rb"\s*(?:<\?xml[^>]*>)?\s*(?:<!--.*?-->\s*|<\?[^>]*>\s*|<!DOCTYPE[^>]*>\s*)*<(?:\w+:)?(?:TEI|teiCorpus|div)\b",
    re.DOTALL,
)


def drafts_of(file: Path, finders: Finders) -> list[Draft]:
    """Return the drafts of all documents in a file.

    Raises NoDocumentError for a page that is none, and CablegraphError for a file that cannot be read.
    """
    content = read_bytes(file)
    if _XML.match(content.removeprefix(b"\xef\xbb\xbf")) and not looks_like_html(content):
        return _tei(content, file, finders)
    if looks_like_html(content):
        source = html_source(content)
    else:
        text = decoded(str(file), content)
        source = plain_source(text, markdown=file.suffix.lower() in (".md", ".markdown"))
    draft = page_draft(file.stem, source, finders)
    why = why_no_document(draft, finders)
    if why:
        raise NoDocumentError(f"{file}: no document: {why}")
    return [draft]


def _tei(content: bytes, file: Path, finders: Finders) -> list[Draft]:
    """Return the drafts of the documents of a TEI file."""
    documents = read_volume(content, str(file))
    if not documents:
        raise NoDocumentError(f"{file}: no document: the TEI file has no division of the type document")
    drafts = [tei_draft(document, finders) for document in documents]
    for draft in drafts:
        draft.remarks += remarks_on_bytes(content)
    return drafts


def remarks_on_bytes(content: bytes) -> list[str]:
    """Return what is told of a file whose text is taken out of its markup: places count in that text."""
    mark = ["its file begins with a byte order mark"] if content.startswith(b"\xef\xbb\xbf") else []
    return ["taken out of TEI; places count code points of the text, notes at its end", *mark]
