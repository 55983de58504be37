impactsim compare bakery.yaml bakery-generator.yaml
