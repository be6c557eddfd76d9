"""Entry point of the plugin's process."""

from .plugin import main

main()
