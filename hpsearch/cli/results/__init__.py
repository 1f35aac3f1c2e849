"""Commands that read a study, or carry it elsewhere."""
