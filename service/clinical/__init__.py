"""What fits a patient besides the coverage answer: therapies, their order, new orders, considerations."""
