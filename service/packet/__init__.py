"""The packet for the payer's reviewer: a letter as PDF and HTML, and a request by Da Vinci PAS."""
