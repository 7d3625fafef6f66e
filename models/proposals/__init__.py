"""Something to do together: a theme that several people share, a small team for it, and a brief."""
