"""Service catalogues, and the services of bills of materials: what teams declare."""
