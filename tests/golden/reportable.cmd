impactsim reportable exchange.yaml --as dora-financial,fcc,italy-telecom,enisa,nis2-cloud,japan-quarterly
