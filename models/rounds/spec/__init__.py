"""What an organizer asks for, as plain types and as JSON."""
