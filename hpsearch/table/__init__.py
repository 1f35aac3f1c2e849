"""What is kept of a table that was read: the rules that read another one alike."""
