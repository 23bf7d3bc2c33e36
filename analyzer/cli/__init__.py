"""The command line: one file a command; each parses, calls, and chooses an output and exit code."""
