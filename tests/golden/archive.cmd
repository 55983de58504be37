impactsim run archive.yaml
