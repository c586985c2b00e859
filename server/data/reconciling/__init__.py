"""The Reconciliation Service API in both versions."""
