"""The HTTP interface: reads requests, calls the service, sends answers."""
