"""HTTP terms: formats, headers, errors, problem documents; knows no store."""
