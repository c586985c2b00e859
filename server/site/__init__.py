"""The site object, queries to the worker pool, responses and templates that every request handler uses."""
