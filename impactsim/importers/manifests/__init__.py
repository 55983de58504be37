"""Compose files and Kubernetes manifests: what runs, and the hosts that settings name."""
