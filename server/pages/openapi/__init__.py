"""The service described in OpenAPI 3.1, for programs and for people."""
