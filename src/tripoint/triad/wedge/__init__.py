"""What a divider could use to part two states: seams, levers, openings, scans, past attempts."""
