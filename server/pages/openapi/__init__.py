"""The OpenAPI 3.1 description of the service, as JSON and as a page."""
