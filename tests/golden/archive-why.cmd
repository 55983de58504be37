impactsim run archive.yaml --why history
