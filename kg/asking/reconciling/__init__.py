"""Reconciliation: which thing of the graph a name stands for, however it is spelt.

folding → sounds → names → comparing → lexicon → matching; `gathering` reads the graph by SPARQL, and
the tables beside the code hold what is known of spellings. Nothing here knows of HTTP; the protocol
is in `server/reconcile*.py`.
"""
