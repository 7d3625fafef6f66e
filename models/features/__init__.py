"""One feature matrix for serving and training: a file a family, each with its columns and what they mean."""
