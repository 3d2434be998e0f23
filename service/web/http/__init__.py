"""What every request and answer passes: body, caller, origins, headers, errors and the log."""
