"""Whether an outage is one to be told of, as text and JSON."""
