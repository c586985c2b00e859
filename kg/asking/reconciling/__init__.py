"""Reconciliation: which thing of the graph a name stands for, however it is spelt.

spelling → names → score → lexicon → match → suggest; `gather` reads the graph by SPARQL, and the
tables beside the code hold what is known of spellings. Nothing here knows HTTP: the protocol is in
`server/data/reconciling`.
"""
