"""Live connectors: what is said on a platform, heard as it is said and handed over to a running server."""
