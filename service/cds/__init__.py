"""CDS Hooks as the standard writes it: what comes in and what discovery, feedback and errors look like."""
