"""HTTP between the socket and the application: the web server, and WSGI layers in front of Flask."""
