"""One file a constraint of a round: its fields with their bounds, and whom it keeps apart. `registry` finds them."""
