"""The draft order: drug, reason, dose, prescriber, statements."""
