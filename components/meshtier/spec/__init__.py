"""What the user asks: the environment document, its defaults and its rules."""
