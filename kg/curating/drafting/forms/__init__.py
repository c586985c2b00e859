"""Heads in the manner of a form: labels with values, formulas of courtesy, the address below a signature."""
