"""What the exact and the timed answers say about backups, restarts, repairs and providers."""
