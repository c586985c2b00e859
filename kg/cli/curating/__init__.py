"""The commands for those who curate: agreement of two drafts, review of a draft."""
