"""What happens around every call: its threads, limits of streams, its turn, errors to statuses, log lines."""
