"""`yiqi round`: match lists for organizers."""
