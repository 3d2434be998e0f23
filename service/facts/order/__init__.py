"""The draft order: drug, reason, dose, prescriber, earlier approvals."""
