"""What constraints may know of people: arrays by row, values as codes, sets as bits."""
