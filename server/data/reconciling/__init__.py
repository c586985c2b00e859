"""The Reconciliation Service API, in version 0.2 and in the draft of 1.0."""
