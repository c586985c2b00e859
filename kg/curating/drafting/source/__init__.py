"""Texts of documents as they are found: plain text, Markdown, saved HTML and TEI, with places that stay."""
