"""Groups of a size range: initial seats, local search, repair, timetable."""
