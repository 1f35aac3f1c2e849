"""What a trial evaluates."""
