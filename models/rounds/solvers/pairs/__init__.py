"""Two and two: candidate pairs, maximum weight matching, trios, sit-outs."""
