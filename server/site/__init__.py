"""What every request handler is given: the site, its data, documents, templates."""
