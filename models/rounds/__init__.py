"""Match lists for organizers: who meets whom, in pairs, groups, two sides or teams, by rules and by worth."""
