"""What several people share, and what it is called in their own words."""
