"""Live connectors, each with its real library against a platform that is played on this machine, into a real server."""
