"""The health of a community over time: figures, whom they point to, and what could be done."""
