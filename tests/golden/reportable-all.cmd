impactsim reportable exchange.yaml --as dora-financial,nis2-trust --all --flags media --aware 40m --zone Europe/London --cost-per-user-minute 0.02
