"""Downloads over HTTP: the index of releases, their files, and the jobs that make them."""
