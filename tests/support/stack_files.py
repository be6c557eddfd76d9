"""The text of a stack file, as commands read it."""

SMALL_STACK = """\
config:
  meshtier:environment:
    mesh: {id: acme, istio: {version: 1.31.1}}
    master: {name: hq, cloud: {existing: {kubeconfig: hq.yaml}}}
    seeds:
      eu:
        cloud: {existing: {kubeconfig: eu.yaml}}
        userClusters:
          shop:
            cloud: {existing: {kubeconfig: shop.yaml, apiServerForPeers: "https://shop:6443"}}
            mesh: {network: eu}
"""
"""A master, a seed, and a user cluster alone in its mesh."""
