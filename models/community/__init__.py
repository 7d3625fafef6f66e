"""A community in memory: event log, aggregates, statements, word counts, evidence; builder, snapshot, the view."""
