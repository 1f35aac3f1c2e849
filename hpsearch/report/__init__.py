"""Records to numbers to text."""
