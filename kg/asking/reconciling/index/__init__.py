"""All things that reconciliation knows: in memory, or in a file of a store on disk; both answer the same."""
