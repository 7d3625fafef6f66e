"""Work beside requests: introductions made from the change log."""
