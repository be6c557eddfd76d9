"""One Istio mesh over given clusters: trust, control planes, gateways and remote access."""
