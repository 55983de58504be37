impactsim run population.yaml
