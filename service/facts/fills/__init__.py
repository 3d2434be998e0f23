"""From claims, dispenses and lists to fills: reversals out, each hand-over once, daily doses."""
