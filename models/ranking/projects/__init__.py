"""Which open projects there are, and what tells of who joins or does one: columns, habits, weights."""
