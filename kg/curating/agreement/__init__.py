"""Agreement of two drafts of one text: what is counted, how far they agree, and where they do not."""
