impactsim now ../../scenarios/facebook-2021/system.yaml --down backbone --since 2021-10-04T15:39Z --at 2021-10-04T16:39Z --trials 200
