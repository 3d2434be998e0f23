"""New and corrected orders that a card suggests."""
