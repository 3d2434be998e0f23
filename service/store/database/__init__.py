"""The database: connections, transactions, the shape of its tables, and why it failed."""
