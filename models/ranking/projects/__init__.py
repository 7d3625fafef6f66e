"""Which open projects a member could join."""
