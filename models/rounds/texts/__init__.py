"""What is said of a match to those in it, and of its rules to an organizer: facts; words are in `service.texts`."""
