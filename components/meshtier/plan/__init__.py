"""What will exist, computed before anything is registered."""
