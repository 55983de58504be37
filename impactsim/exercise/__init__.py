"""A tabletop exercise made of a simulated outage and the plan against it."""
