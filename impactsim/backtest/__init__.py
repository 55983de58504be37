"""Forecasts of what remains of an outage, held against outages that they did not know."""
