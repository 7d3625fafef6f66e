"""Learning from what happened. Arrows run one way: nightly and evaluation on fitting, fitting on labels."""
