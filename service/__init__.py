"""Everything that touches the outside. `compose.py` puts it together."""
