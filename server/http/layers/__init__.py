"""WSGI layers around the application: answer cache, rate limit, metrics, access log."""
