"""Real clusters on one Linux machine, for development and tests; meshtier never imports this."""
