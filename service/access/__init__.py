"""Who calls: tokens, quotas, and the log of calls."""
