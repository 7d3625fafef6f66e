"""Models fitted on labels: the ranker's weights, return probability, exposure, attribute preferences, LSA."""
