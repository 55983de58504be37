impactsim run bakery.yaml bakery-generator.yaml --json
