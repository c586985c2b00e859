"""Drafts put together: what was found in a page or in a TEI document becomes one draft, or a refusal."""
