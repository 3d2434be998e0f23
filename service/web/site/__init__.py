"""The pages for people: front page, orders, demo, documents, and the description of the interface."""
