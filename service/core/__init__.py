"""What all of the service shares: settings, errors, validation and bounds, names of resources, tokens, logs."""
