impactsim reportable exchange.yaml --as fcc --json
