"""Several sessions of one round, in which nobody meets twice."""
