"""What people are told of a match, in their language."""
