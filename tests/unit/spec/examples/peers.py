"""Broken rules about kubeconfigs and API addresses."""

from meshtier.spec.rules import peers

from tests.unit.spec.examples.example import PAY, SHOP, Example, at

ADDRESS = "allowed https://host:port, without path or credentials"
ADDRESS_FORM = f"{ADDRESS}; write it such as https://api.example:6443"


def of_address(address: str, shown: str | None = None) -> Example:
    return Example(
        rule=peers.api_server_form,
        changes={f"{at(SHOP)}/cloud/existing/apiServerForPeers": address},
        lines=(
            f"{SHOP}.cloud.existing.apiServerForPeers: got {shown or repr(address)}; "
            f"{ADDRESS_FORM}",
        ),
    )


def of_loopback(address: str) -> Example:
    return Example(
        rule=peers.api_server_not_loopback,
        changes={f"{at(SHOP)}/cloud/existing/apiServerForPeers": address},
        lines=(
            f"{SHOP}.cloud.existing.apiServerForPeers: got '{address}'; allowed an address that "
            "the other members' istiods reach; write the cluster's outside address, or set "
            "mesh.allowLoopbackPeers where all istiods share one machine",
        ),
    )


PEERS = {
    "two kubeconfigs": Example(
        rule=peers.one_kubeconfig,
        changes={"master/cloud/existing/kubeconfigKey": "hq"},
        lines=(
            "master.cloud.existing: got kubeconfig and kubeconfigKey; allowed exactly one of "
            "kubeconfig (a path) and kubeconfigKey (a secret); remove one",
        ),
    ),
    "no kubeconfig": Example(
        rule=peers.one_kubeconfig,
        changes={"master/cloud/existing": {"context": "hq"}},
        lines=(
            "master.cloud.existing: got no kubeconfig; allowed exactly one of kubeconfig (a path) "
            "and kubeconfigKey (a secret); write one",
        ),
    ),
    "the content of a kubeconfig": Example(
        rule=peers.kubeconfig_is_a_path,
        changes={"master/cloud/existing/kubeconfig": '{"apiVersion": "v1", "kind": "Config"}'},
        lines=(
            "master.cloud.existing.kubeconfig: got the content of a kubeconfig, which is not "
            "shown; allowed the path of a file; keep the content in a file, or in a secret config "
            "key named by kubeconfigKey",
        ),
    ),
    "a config key with its namespace": Example(
        rule=peers.kubeconfig_key_name,
        changes={"master/cloud/existing": {"kubeconfigKey": "meshtier:hq"}},
        lines=(
            "master.cloud.existing.kubeconfigKey: got 'meshtier:hq'; allowed the <name> of a "
            "config key meshtier:<name>: letters, digits, '-', '_' and '.', at most 60; name the "
            "key, and set its value with `pulumi config set --secret`",
        ),
    ),
    "a token as a config key": Example(
        rule=peers.kubeconfig_key_name,
        changes={"master/cloud/existing": {"kubeconfigKey": "t" * 61}},
        lines=(
            "master.cloud.existing.kubeconfigKey: got a value that is not shown; allowed the "
            "<name> of a config key meshtier:<name>: letters, digits, '-', '_' and '.', at most "
            "60; name the key, and set its value with `pulumi config set --secret`",
        ),
    ),
    "one kubeconfig for two": Example(
        rule=peers.distinct_clusters,
        changes={f"{at(SHOP)}/cloud/existing/kubeconfig": "./pay.yaml"},
        lines=(
            f"{SHOP}.cloud.existing.kubeconfig: got the same kubeconfig and context as {PAY}; "
            "allowed a cluster of its own for each name; name the kubeconfig or the context of "
            "shop",
        ),
    ),
    "one config key for two": Example(
        rule=peers.distinct_clusters,
        changes={
            "master/cloud/existing": {"kubeconfigKey": "all", "context": "hq"},
            "seeds/eu/cloud/existing": {"kubeconfigKey": "all", "context": "hq"},
        },
        lines=(
            "seeds.eu.cloud.existing.kubeconfigKey: got the same kubeconfigKey and context as "
            "master; allowed a cluster of its own for each name; name the kubeconfig or the "
            "context of eu",
        ),
    ),
    "no address for peers": Example(
        rule=peers.api_server_known,
        changes={f"{at(SHOP)}/cloud/existing": {"kubeconfig": "shop.yaml"}},
        lines=(
            f"{SHOP}.cloud.existing.apiServerForPeers: got nothing; {ADDRESS}; write the address "
            "under which the other members' istiods reach its API server",
        ),
    ),
    "address over plain HTTP": of_address("http://shop.example:6443"),
    "address without a scheme": of_address("shop.example:6443"),
    "address without a host": of_address("https://:6443"),
    "address with an empty port": of_address("https://shop.example:"),
    "address with port 0": of_address("https://shop.example:0"),
    "address with a port too high": of_address("https://shop.example:65536"),
    "address with a path": of_address("https://shop.example:6443/k8s/clusters/1"),
    "address with a query": of_address("https://shop.example:6443?x=1"),
    "address with a space": of_address("https://shop .example:6443"),
    "address with credentials": of_address(
        "https://admin:hunter2@shop.example", "a value that is not shown"
    ),
    "address of localhost": of_loopback("https://localhost:6443"),
    "address on loopback": of_loopback("https://127.0.0.2:6443"),
    "address on IPv6 loopback": of_loopback("https://[::1]:6443"),
    "address of everything": of_loopback("https://0.0.0.0:6443"),
    "one address for two": Example(
        rule=peers.api_server_unique,
        changes={
            f"{at(PAY)}/cloud/existing/apiServerForPeers": "https://PAY.example",
            f"{at(SHOP)}/cloud/existing/apiServerForPeers": "https://pay.example:443",
        },
        lines=(
            f"{SHOP}.cloud.existing.apiServerForPeers: got 'https://pay.example:443', the address "
            f"of {PAY}; allowed an address of its own for each member; write the address of shop",
        ),
    ),
}
