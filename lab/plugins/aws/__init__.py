"""The stand-in for Pulumi's aws plugin: tables over `lab.plugins.cloud`."""
