"""CDS Hooks as the standard defines it: requests, discovery, feedback and errors."""
