"""What an audit says: its renderers."""
