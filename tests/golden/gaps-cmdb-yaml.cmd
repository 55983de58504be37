impactsim gaps cmdb.yaml --yaml
