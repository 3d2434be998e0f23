"""The HTTP edge: unpack, call, answer."""
