"""What happens around every call: errors to statuses, one log line, the version."""
