"""The rows that hpsearch reads for an objective: what trials learn from, and what judges them."""
