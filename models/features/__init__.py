"""One feature matrix for every kind of question, for serving and for training."""
