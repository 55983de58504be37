"""The ranking of single failures: facts and renderers."""
