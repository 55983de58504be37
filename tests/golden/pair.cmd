impactsim run pair.yaml
