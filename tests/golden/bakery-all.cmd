impactsim run bakery.yaml --all
