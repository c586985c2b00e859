"""Tables for people who do not use RDF: CSV with descriptions, a SQLite file, an RO-Crate.

The query of each table and the description of its columns are data: `queries/tables/NAME.rq`.
"""
