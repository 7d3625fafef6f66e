"""Words: the analyzer, stop words, passages, terms, encoders (one, or a pool), spacing, wishes."""
