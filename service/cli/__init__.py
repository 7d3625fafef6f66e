"""The command line. Heavy imports stand inside the commands, so that `yiqi --help` answers at once."""
