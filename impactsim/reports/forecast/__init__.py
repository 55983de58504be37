"""A forecast of years: facts and renderers."""
