"""Vector search behind one contract: exact while small, IVF when large."""
