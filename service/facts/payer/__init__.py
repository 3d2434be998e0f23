"""Who pays: the payers, and which coverage of a patient decides."""
