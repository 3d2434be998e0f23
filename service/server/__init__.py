"""gunicorn: its options, its worker, what is done before and after the fork."""
