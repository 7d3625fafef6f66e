"""Several sittings of one round, in which nobody meets twice."""
