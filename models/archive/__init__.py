"""The portable archive: its container, its fields, parsing, rendering, times."""
