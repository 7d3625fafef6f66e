"""How well lists foretell who deals with whom next: the protocol, its metrics, and what to compare with."""
