"""What Da Vinci CRD asks for: coverage information on the order, and cards by its response types."""
