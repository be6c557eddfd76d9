"""Times and sizes: our program against a bare one that registers the same raw resources."""
