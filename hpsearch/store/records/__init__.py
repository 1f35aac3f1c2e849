"""The records that the ledger takes and returns."""
