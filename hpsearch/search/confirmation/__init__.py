"""The confirmation of a winner: finalists and their race."""
