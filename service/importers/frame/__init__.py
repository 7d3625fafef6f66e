"""What every importer stands on: containers, decoding, tables, clocks, transcripts, and gathering them to rows."""
