"""`python -m lab.plugins.tls ENGINE`: how the engine starts this plugin."""

from .plugin import main

main()
