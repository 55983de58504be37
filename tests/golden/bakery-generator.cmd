impactsim run bakery-generator.yaml
