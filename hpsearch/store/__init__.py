"""The ledger: all SQL of hpsearch."""
