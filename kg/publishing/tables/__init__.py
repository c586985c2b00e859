"""Tables for people who do not know RDF: CSV with descriptions, SQLite, a research crate.

What stands in a table, and what is said of it, is data: `queries/tables/NAME.rq`.
"""
