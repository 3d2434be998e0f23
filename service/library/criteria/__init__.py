"""A criterion as a document writes it, turned into a criterion that can be judged."""
