"""The outcome of a settled study: its verdict, its model files, its replay."""
