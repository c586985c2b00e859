"""Queries evaluated by worker processes that can be killed."""
