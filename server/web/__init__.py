"""Terms of HTTP, WSGI and the SPARQL Protocol: formats, negotiation, headers, problem documents."""
