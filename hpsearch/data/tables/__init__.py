"""Tables as people have them: a file becomes columns, and columns become features."""
