"""The web server: event loop, connections, requests refused before they reach the application."""
