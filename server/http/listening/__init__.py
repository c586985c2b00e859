"""The web server: connections, the event loop, and what is refused before the application hears of it."""
