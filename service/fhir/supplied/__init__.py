"""What the request supplied: bundles and their entries, newer versions, targets of references."""
