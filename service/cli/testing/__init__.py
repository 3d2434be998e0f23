"""Commands to test with: cases, generated patients, recordings, a request of a bundle."""
