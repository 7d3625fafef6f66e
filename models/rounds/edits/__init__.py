"""A list changed by hand, and what the change goes against."""
