"""The nightly job: learn from a community's past, judge by what happened next, promote only what is better."""
