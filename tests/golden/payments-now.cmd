impactsim now ../../scenarios/teaching-shop/system.yaml --down payments --down duct-a12-cut@14:35 --up isp-second --since 14:05 --at 2026-03-02T15:00+01:00 --zone Europe/Rome --trials 200
