"""A round as solvers see it: rows, constraints over pairs, scores, sizes, slots; what is fixed, what collides."""
