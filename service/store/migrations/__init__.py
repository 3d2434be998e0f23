"""What Alembic runs, and the changes of the tables that it makes."""
