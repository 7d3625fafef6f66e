"""Fits how suggestions are read out of people's own words."""
