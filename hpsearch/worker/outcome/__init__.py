"""What follows from a settled study: the verdict, the model files, the replay."""
