"""What an operator watches: metrics, log lines with the id of their request, traces; no patient's value."""
