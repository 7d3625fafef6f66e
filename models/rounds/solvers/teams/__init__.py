"""Roles in teams: evidence for a role, scores, seats, what stays open."""
