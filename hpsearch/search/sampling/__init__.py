"""What a trial tries: boxes, random draws, TPE."""
