"""Documents of the wrong shape."""

from tests.unit.spec.documents import MISSING

LEVELS = "allowed three levels: master, seeds, userClusters under a seed"
EXISTING = "kubeconfig, kubeconfigKey, context or apiServerForPeers"

SHAPES = {
    "a misspelt key": (
        {"mesh/trustDomian": "acme.example"},
        "mesh.trustDomian: got an unknown key; allowed id, trustDomain, clusterDomain, istio, "
        "trust, networks, peersReadSecrets or allowLoopbackPeers; write trustDomain",
    ),
    "a key in snake case": (
        {"mesh/trust_domain": "acme.example"},
        "mesh.trust_domain: got an unknown key; allowed id, trustDomain, clusterDomain, istio, "
        "trust, networks, peersReadSecrets or allowLoopbackPeers; write trustDomain",
    ),
    "a key nothing resembles": (
        {"colour": "blue"},
        "colour: got an unknown key; allowed mesh, guards, master or seeds; remove it",
    ),
    "a key of the block below": (
        {"seeds/us/cloud": {"kubeconfig": "us.yaml"}},
        "seeds.us.cloud.kubeconfig: got an unknown key; allowed existing, aws or gcp; write it "
        "under existing",
    ),
    "a secret in the document": (
        {"master/cloud/existing/token": "hunter2"},
        f"master.cloud.existing.token: got an unknown key; allowed {EXISTING}; remove it; "
        "secrets are config keys of their own (`pulumi config set --secret`)",
    ),
    "a key of a block in a map of blocks": (
        {"seeds/eu/userClusters/shop/mesh/gateway": {"replica": 1}},
        "seeds.eu.userClusters.shop.mesh.gateway.replica: got an unknown key; allowed enabled, "
        "replicas, annotations or addresses; write replicas",
    ),
    "a provider of a later version": (
        {"seeds/us/cloud": {"kubermatic": {"project": "acme"}}},
        "seeds.us.cloud.kubermatic: got provider kubermatic; allowed existing, aws or gcp; make "
        "the cluster yourself and name it under `existing`; kubermatic comes with a later version",
    ),
    "no provider": (
        {"seeds/us/cloud": {}},
        "seeds.us.cloud: got no provider; allowed exactly one of existing, aws or gcp, with its "
        "content; write for example `existing: {kubeconfig: path/of/the.kubeconfig}`",
    ),
    "a provider without content": (
        {"seeds/us/cloud": {"existing": None}},
        "seeds.us.cloud: got an empty provider block; allowed exactly one of existing, aws or "
        "gcp, with its content; write for example `existing: {kubeconfig: path/of/the.kubeconfig}`",
    ),
    "two providers": (
        {"seeds/us/cloud/gcp": {"project": "acme-us", "nodes": {}}},
        "seeds.us.cloud: got existing and gcp; allowed exactly one of existing, aws or gcp, with "
        "its content; remove the others",
    ),
    "two providers, one without content": (
        {"seeds/us/cloud": {"aws": {}, "existing": None, "gcp": {}}},
        "seeds.us.cloud: got aws and gcp; allowed exactly one of existing, aws or gcp, with its "
        "content; remove the others",
    ),
    "no cloud": (
        {"seeds/us/cloud": MISSING},
        "seeds.us.cloud: got nothing; allowed a mapping with existing, aws or gcp; write it",
    ),
    "no master": (
        {"master": MISSING},
        "master: got nothing; allowed a mapping with mesh, labels, existingObjects, cloud, "
        "addresses, name or defaults; write it",
    ),
    "no name": ({"master/name": MISSING}, "master.name: got nothing; allowed a value; write it"),
    "a list of masters": (
        {"master": [{"name": "hq"}]},
        "master: got a list; allowed exactly one master, a mapping; write the one master; others "
        "are seeds",
    ),
    "masters": (
        {"masters": {}},
        f"masters: got a second master; {LEVELS}; make it a seed, or an environment of its own",
    ),
    "a master under a seed": (
        {"seeds/eu/master": {}},
        f"seeds.eu.master: got a second master; {LEVELS}; make it a seed, or an environment of "
        "its own",
    ),
    "seeds under a seed": (
        {"seeds/eu/seeds": {}},
        f"seeds.eu.seeds: got seeds below another cluster; {LEVELS}; move them to `seeds` at the "
        "top",
    ),
    "seeds under the master": (
        {"master/seeds": {}},
        f"master.seeds: got seeds below another cluster; {LEVELS}; move them to `seeds` at the top",
    ),
    "user clusters under the master": (
        {"master/userClusters": {}},
        f"master.userClusters: got user clusters directly under the master; {LEVELS}; move them "
        "under a seed",
    ),
    "user clusters at the top": (
        {"userClusters": {}},
        f"userClusters: got user clusters without a seed; {LEVELS}; move them under a seed",
    ),
    "user clusters under a user cluster": (
        {"seeds/eu/userClusters/shop/userClusters": {}},
        f"seeds.eu.userClusters.shop.userClusters: got user clusters under a user cluster; "
        f"{LEVELS}; move them under the seed; if this cluster is to carry them, make it a seed",
    ),
    "a list of seeds": (
        {"seeds": [{"name": "eu"}]},
        "seeds: got a list; allowed a mapping by name; write every entry under its name",
    ),
    "an empty block": (
        {"seeds": None},
        "seeds: got nothing; allowed a mapping; write its keys, or remove it",
    ),
    "a text for a block": (
        {"seeds/eu/addresses": "10.0.0.0/8"},
        "seeds.eu.addresses: got '10.0.0.0/8'; allowed a mapping; write its keys",
    ),
    "a number for a text": (
        {"mesh/istio/version": 1.31},
        "mesh.istio.version: got 1.31; allowed a text; put it in quotes",
    ),
    "a mapping for a text": (
        {"mesh/id": {}},
        "mesh.id: got a mapping; allowed a text; write a text",
    ),
    "a version of two numbers": (
        {"mesh/istio/version": "1.31"},
        "mesh.istio.version: got '1.31'; allowed a version of three numbers such as '1.31.1'; "
        "write all three numbers",
    ),
    "a misspelt choice": (
        {"mesh/trust": {"algorithm": "ECDSA-P265"}},
        "mesh.trust.algorithm: got 'ECDSA-P265'; allowed 'ECDSA-P256' or 'RSA-4096'; write "
        "'ECDSA-P256'",
    ),
    "a choice nothing resembles": (
        {"master/existingObjects": 7},
        "master.existingObjects: got 7; allowed 'refuse' or 'adopt'; write one of them",
    ),
    "true for a number": (
        {"master/mesh": {"gateway": {"replicas": True}}},
        "master.mesh.gateway.replicas: got true; allowed a whole number; write digits without "
        "quotes",
    ),
    "a text for a number": (
        {"master/mesh": {"gateway": {"replicas": "2"}}},
        "master.mesh.gateway.replicas: got '2'; allowed a whole number; write digits without "
        "quotes",
    ),
    "half a gateway": (
        {"master/mesh": {"gateway": {"replicas": 1.5}}},
        "master.mesh.gateway.replicas: got 1.5; allowed a whole number; write digits without "
        "quotes",
    ),
    "no gateways": (
        {"master/mesh": {"gateway": {"replicas": 0}}},
        "master.mesh.gateway.replicas: got 0; allowed 1 or more; raise it",
    ),
    "too many gateways": (
        {"master/mesh": {"gateway": {"replicas": 101}}},
        "master.mesh.gateway.replicas: got 101; allowed 100 or less; lower it",
    ),
    "a word for true": (
        {"master/mesh": {"member": "yes"}},
        "master.mesh.member: got 'yes'; allowed true or false; write true or false without quotes",
    ),
    "a number as a label": (
        {"master/labels": {"acme.example/tier": 1}},
        'master.labels["acme.example/tier"]: got 1; allowed a text; put it in quotes',
    ),
    "a value beside a key that hints a secret": (
        {"master/labels": {"api-token": 5551234}},
        "master.labels.api-token: got a value that is not shown; allowed a text; put it in quotes",
    ),
}
