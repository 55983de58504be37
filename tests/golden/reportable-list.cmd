impactsim reportable --list --as gdpr,ofcom
