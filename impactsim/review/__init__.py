"""A disaster-recovery plan held against the simulation."""
