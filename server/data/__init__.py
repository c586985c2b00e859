"""HTTP services for programs: descriptions of the data, downloads, reconciliation."""
