impactsim now ../../scenarios/teaching-shop/system.yaml --down payments --since 14:05 --at 2026-03-02T15:00+01:00 --trials 200 --json
