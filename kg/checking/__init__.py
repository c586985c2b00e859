"""What is wrong with records: shapes (SHACL), quotes, coverage of the texts."""
