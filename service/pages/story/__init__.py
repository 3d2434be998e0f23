"""The story of one order as a page: why it is met or not, what would change that, and a timeline."""
