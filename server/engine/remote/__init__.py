"""A store elsewhere: a service with the SPARQL 1.1 Protocol, asked, watched, loaded and copied."""
