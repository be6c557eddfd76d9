"""Broken rules about Istio: version, sources, values."""

from meshtier.spec.rules import istio

from tests.unit.spec.examples.example import Example

ISTIO = {
    "version too old": Example(
        rule=istio.supported_version,
        changes={"mesh/istio/version": "1.30.5"},
        lines=(
            "mesh.istio.version: got '1.30.5'; allowed versions of 1.31; raise it; an older istiod "
            "needs to read its peers' Secrets",
        ),
    ),
    "version too new": Example(
        rule=istio.supported_version,
        changes={"mesh/istio/version": "1.32.0"},
        lines=(
            "mesh.istio.version: got '1.32.0'; allowed versions of 1.31; lower it, or take a newer "
            "meshtier",
        ),
    ),
    "version that crashes": Example(
        rule=istio.version_without_crash,
        changes={"mesh/istio/version": "1.31.0"},
        lines=(
            "mesh.istio.version: got '1.31.0', whose istiod crashes when it may not read "
            "its peers' Secrets; allowed another version, or a build with the correction; "
            "raise it, or set mesh.peersReadSecrets: true",
        ),
    ),
    "charts over plain HTTP": Example(
        rule=istio.chart_source,
        changes={"mesh/istio/charts": "http://charts.example"},
        lines=(
            "mesh.istio.charts: got 'http://charts.example'; allowed https://…, oci://… or a "
            "directory, without credentials; write it so; credentials belong into Helm's own "
            "registry configuration",
        ),
    ),
    "hub with a scheme": Example(
        rule=istio.image_hub,
        changes={"mesh/istio/hub": "https://docker.io/istio"},
        lines=(
            "mesh.istio.hub: got 'https://docker.io/istio'; allowed a registry and a path such as "
            "docker.io/istio; write it without scheme, tag or trailing slash",
        ),
    ),
    "owned value": Example(
        rule=istio.owned_values,
        changes={"mesh/istio/values": {"istiod": {"global": {"meshID": "other"}}}},
        lines=(
            "mesh.istio.values.istiod.global.meshID: got a value that meshtier sets itself; "
            "allowed all other values of the chart; write mesh.id",
        ),
    ),
    "below an owned value": Example(
        rule=istio.owned_values,
        changes={"mesh/istio/values": {"gateway": {"service": {"type": "NodePort"}}}},
        lines=(
            "mesh.istio.values.gateway.service: got a value that meshtier sets itself; allowed "
            "all other values of the chart; write mesh.gateway.annotations; the Service is not "
            "the chart's",
        ),
    ),
    "owned value replaced by nothing": Example(
        rule=istio.owned_values,
        changes={"mesh/istio/values": {"istiod": {"env": None}}},
        lines=(
            "mesh.istio.values.istiod.env: got something else than a block, which takes what "
            "meshtier sets in it away; allowed a block of other values; write them below it, or "
            "remove it",
        ),
    ),
    "owned value by the back door": Example(
        rule=istio.owned_values,
        changes={
            "mesh/istio/values": {
                "base": {"_internal_defaults_do_not_set": {"defaultRevision": "x"}}
            }
        },
        lines=(
            "mesh.istio.values.base._internal_defaults_do_not_set: got a value that meshtier sets "
            "itself; allowed all other values of the chart; remove it; write the value at the top "
            "instead",
        ),
    ),
    "root namespace without the policy of the mesh": Example(
        rule=istio.owned_values,
        changes={"mesh/istio/values": {"istiod": {"meshConfig": {"rootNamespace": "mesh-root"}}}},
        lines=(
            "mesh.istio.values.istiod.meshConfig.rootNamespace: got a value that meshtier sets "
            "itself; allowed all other values of the chart; remove it; the policy that demands "
            "mutual TLS is in istio-system",
        ),
    ),
    "owned value under its name in the mesh's configuration": Example(
        rule=istio.owned_values,
        changes={
            "mesh/istio/values": {"istiod": {"meshConfig": {"defaultConfig": {"meshId": "other"}}}}
        },
        lines=(
            "mesh.istio.values.istiod.meshConfig.defaultConfig.meshId: got a value that meshtier "
            "sets itself; allowed all other values of the chart; write mesh.id",
        ),
    ),
    "owned value under the charts' old prefix": Example(
        rule=istio.owned_values,
        changes={"mesh/istio/values": {"istiod": {"pilot": {"revision": "canary"}}}},
        lines=(
            "mesh.istio.values.istiod.pilot: got a value that meshtier sets itself; allowed all "
            "other values of the chart; remove it; write the value at the top instead",
        ),
    ),
    "workloads that get certificates from elsewhere": Example(
        rule=istio.owned_values,
        changes={"mesh/istio/values": {"istiod": {"global": {"caAddress": "ca.example:443"}}}},
        lines=(
            "mesh.istio.values.istiod.global.caAddress: got a value that meshtier sets itself; "
            "allowed all other values of the chart; remove it; certificates come from mesh.trust",
        ),
    ),
    "sidecars told of another network": Example(
        rule=istio.owned_values,
        changes={
            "mesh/istio/values": {
                "istiod": {
                    "meshConfig": {"defaultConfig": {"proxyMetadata": {"ISTIO_META_NETWORK": "x"}}}
                }
            }
        },
        lines=(
            "mesh.istio.values.istiod.meshConfig.defaultConfig.proxyMetadata.ISTIO_META_NETWORK: "
            "got a value that meshtier sets itself; allowed all other values of the chart; write "
            "mesh.network of the cluster",
        ),
    ),
    "owned variable in the list that comes after": Example(
        rule=istio.owned_values,
        changes={
            "mesh/istio/values": {
                "istiod": {
                    "envVarFrom": [
                        {"name": "GODEBUG", "value": "x"},
                        {"name": "PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER", "value": "true"},
                    ]
                }
            }
        },
        lines=(
            "mesh.istio.values.istiod.envVarFrom[1]: got a value that meshtier sets itself; "
            "allowed all other values of the chart; remove it; peers read with an account of "
            "their own, without Secrets",
        ),
    ),
    "owned variable of the gateway": Example(
        rule=istio.owned_values,
        changes={
            "mesh/istio/values": {
                "gateway": {"envVarFrom": [{"name": "ISTIO_META_CLUSTER_ID", "value": "other"}]}
            }
        },
        lines=(
            "mesh.istio.values.gateway.envVarFrom[0]: got a value that meshtier sets itself; "
            "allowed all other values of the chart; remove it; the cluster's name is its id",
        ),
    ),
    "owned argument once more": Example(
        rule=istio.owned_values,
        changes={
            "mesh/istio/values": {
                "istiod": {"extraContainerArgs": ["--profile=false", "--domain=other", "-nmesh"]}
            }
        },
        lines=(
            "mesh.istio.values.istiod.extraContainerArgs[1]: got a value that meshtier sets "
            "itself; allowed all other values of the chart; write mesh.clusterDomain",
            "mesh.istio.values.istiod.extraContainerArgs[2]: got a value that meshtier sets "
            "itself; allowed all other values of the chart; remove it; Istio is installed into "
            "istio-system",
        ),
    ),
}
