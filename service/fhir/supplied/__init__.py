"""What the request brought: bundles, their entries, newer versions, targets of references."""
