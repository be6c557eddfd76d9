"""The stand-in for Pulumi's gcp plugin: tables over `lab.plugins.cloud`."""
