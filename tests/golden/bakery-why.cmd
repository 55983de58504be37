impactsim run bakery.yaml --why shop
