"""The change feed: consumers with names that follow the logs of all communities, on one fixed pool of threads."""
