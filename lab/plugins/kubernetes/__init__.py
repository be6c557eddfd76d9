"""Stand-in for pulumi-resource-kubernetes: typed objects, custom resources, Helm releases."""
