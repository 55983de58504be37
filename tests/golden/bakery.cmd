impactsim run bakery.yaml
