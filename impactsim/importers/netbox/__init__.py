"""NetBox: what stands where, on which power and on which lines."""
