"""One thin file a service: unpack, call the use case, pack."""
