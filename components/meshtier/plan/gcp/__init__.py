"""What Google Cloud is asked for: one module per concern, each a function from a cluster to data."""
