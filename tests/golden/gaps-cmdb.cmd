impactsim gaps cmdb.yaml --all
