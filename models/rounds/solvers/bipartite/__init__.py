"""Two sides with capacities, as a flow of least cost."""
