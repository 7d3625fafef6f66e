"""The state of record: the contract of a store and its SQL backend."""
