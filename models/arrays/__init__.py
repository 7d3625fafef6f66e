"""Products of arrays, compiled: they run without the interpreter's lock."""
