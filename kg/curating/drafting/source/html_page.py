"""Saved HTML pages: their plain text, in lines as a browser shows them, without scripts and forms."""

from __future__ import annotations

import re

from lxml import etree, html

from kg.curating.drafting.source.found import SourceText

_HIDDEN = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "head",
    "form",
    "button",
    "select",
    "nav",
    "iframe",
}
_BLOCKS = {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table"),
    *("tr", "ul", "br"),
}
_LOOKS = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_EMPTY_LINES = re.compile(r"\n{3,}")


def looks_like_html(content: bytes) -> bool:
    """Return whether a file begins as a page of HTML does."""
    return _LOOKS.match(content.removeprefix(b"\xef\xbb\xbf")) is not None


def html_source(content: bytes) -> SourceText:
    """Return the text of a page; places count code points of this text, not of the file."""
    parser = html.HTMLParser(encoding=_encoding(content), remove_comments=True)
    root = html.document_fromstring(content, parser=parser)
    parts: list[str] = []
    _write(root, parts)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(parts)).strip("\n")
    text = _EMPTY_LINES.sub("\n\n", text) + "\n"
    return SourceText.of(text, ["taken out of HTML; places count code points of the text"])


def _encoding(content: bytes) -> str:
    """Return the encoding that the page declares, UTF-8 by default."""
    declared = re.search(rb"charset=[\"']?([A-Za-z0-9_-]+)", content[:2048])
    return declared.group(1).decode() if declared else "utf-8"


def _write(element: etree._Element, parts: list[str]) -> None:
    name = element.tag if isinstance(element.tag, str) else ""
    if name in _HIDDEN:
        return
    if name in _BLOCKS:
        parts.append("\n" if name in ("br", "li", "tr", "dt", "dd") else "\n\n")
    _add(element.text, parts)
    for child in element:
        _write(child, parts)
        _add(child.tail, parts)
    if name in _BLOCKS and name != "br":
        parts.append("\n")
    if name in ("td", "th"):
        parts.append(" ")


def _add(text: str | None, parts: list[str]) -> None:
    if text:
        parts.append(re.sub(r"[\s\u00a0]+", " ", text))
