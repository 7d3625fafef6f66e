"""Every kind of reason, a file a family: what speaks for it, and what it stands on. Found where it lies."""
