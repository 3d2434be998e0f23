"""Who pays: coverages and the payer that decides."""
