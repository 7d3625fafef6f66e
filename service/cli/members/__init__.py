"""`yiqi members`: who is there, and what an organizer does for them."""
