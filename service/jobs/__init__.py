"""Work beside requests: introductions made from the change log, and jobs with leases, such as solving rounds."""
