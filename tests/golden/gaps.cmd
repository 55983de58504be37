impactsim gaps ../../scenarios/teaching-shop/system.yaml
