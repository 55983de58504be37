"""What was called while somebody watched: traces, dependencies, service graphs."""
