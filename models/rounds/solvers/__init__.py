"""One folder a kind of round; each is handed a problem and gives back a list."""
