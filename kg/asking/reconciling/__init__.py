"""Reconciliation: which thing of the graph a name stands for, however it is spelt.

spelling → names → score → lexicon → match → suggest; `gather` reads the graph by SPARQL, and the
tables beside the code have the rules of spelling. What is asked of all things is in `known_things`, and
`index` has it in memory or in a file. Nothing here knows HTTP: the protocol is in `server/data/reconciling`.
"""
