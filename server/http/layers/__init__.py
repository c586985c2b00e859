"""Layers in front of the application: answer cache, rate limit, metrics, access log."""
