"""Results of an earlier build: record files that have not changed are not read again."""
