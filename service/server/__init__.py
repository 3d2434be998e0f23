"""The server: gunicorn starts and ends the workers, uvicorn speaks HTTP in them."""
