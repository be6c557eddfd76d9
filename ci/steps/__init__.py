"""What the scripts of the workflows decide and say; they run in CI as they run by hand."""
