impactsim now bakery.yaml --down grid --since 2026-03-02T14:00+01:00 --at 2026-03-02T14:20+01:00 --trials 50
