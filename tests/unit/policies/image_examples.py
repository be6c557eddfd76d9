"""Examples of the rule about where images and charts come from."""

from .examples import CHARTS, DEPLOYMENT, IMAGES, RELEASE, UNKNOWN, Example, pods

CONTAINER = "spec.template.spec.containers"
JOB = "spec.jobTemplate.spec.template.spec.initContainers[0].image"
FROM_THERE = "take the image from there, or mirror it"
PINNED = "allowed a tag other than latest, or a digest; pin the image"
DIGEST = f"sha256:{'0' * 64}"
REPOSITORY = "https://charts.example/stable"

SOURCES = (
    Example(
        rule="image-sources",
        type=DEPLOYMENT,
        props=pods(
            "nginx:1.29", "docker.io/istioo/pilot:1.31.1", "istio/pilot", "istio/pilot:latest"
        ),
        lines=(
            f"{CONTAINER}[0].image: got 'nginx'; allowed {IMAGES}; {FROM_THERE}",
            f"{CONTAINER}[1].image: got 'docker.io/istioo/pilot'; allowed {IMAGES}; {FROM_THERE}",
            *(
                f"{CONTAINER}[{at}].image: got '{image}'; {PINNED}"
                for at, image in ((2, "istio/pilot"), (3, "istio/pilot:latest"))
            ),
        ),
    ),
    Example(
        rule="image-sources",
        type="kubernetes:batch/v1:CronJob",
        props={
            "spec": {
                "jobTemplate": {
                    "spec": {
                        "template": {"spec": {"initContainers": [{"image": "localhost:5000/a:1"}]}}
                    }
                }
            }
        },
        lines=(f"{JOB}: got 'localhost:5000/a'; allowed {IMAGES}; {FROM_THERE}",),
    ),
    Example(
        rule="image-sources",
        type=RELEASE,
        props={
            "chart": "istiod",
            "repositoryOpts": {"repo": "https://user:word@charts.example/stable"},
            "values": {
                "global": {"hub": "quay.example/istio"},
                "image": {"registry": "quay.example", "repository": "tool"},
                "sidecars": [{"image": "quay.example/side:1"}],
            },
        },
        lines=(
            f"repositoryOpts.repo: got '{REPOSITORY}'; allowed {CHARTS}; take the chart from "
            "there, or mirror it",
            "version: got nothing; allowed a version; pin the chart",
            f"values.global.hub: got 'quay.example/istio'; allowed {IMAGES}; {FROM_THERE}",
            f"values.image.repository: got 'quay.example/tool'; allowed {IMAGES}; {FROM_THERE}",
            f"values.sidecars[0].image: got 'quay.example/side'; allowed {IMAGES}; {FROM_THERE}",
        ),
    ),
    *(
        Example(
            rule="image-sources",
            type=RELEASE,
            props={"chart": "./charts/a", "values": values},
            lines=tuple(f"values.{line}" for line in lines),
        )
        for values, lines in (
            (
                {"image": {"repository": "public.ecr.aws/eks/controller", "tag": "latest"}},
                [f"image.tag: got 'latest'; {PINNED}"],
            ),
            (
                {"image": {"repository": "public.ecr.aws/eks/controller", "tag": ""}},
                [f"image.tag: got ''; {PINNED}"],
            ),
            (
                {"image": {"repository": "istio/pilot", "tag": "", "digest": ""}},
                [f"image.tag: got ''; {PINNED}"],
            ),
            ({"proxyImage": {"tag": "latest"}}, [f"proxyImage.tag: got 'latest'; {PINNED}"]),
            ({"global": {"tag": "latest"}}, [f"global.tag: got 'latest'; {PINNED}"]),
            (
                {"image": {"repository": "istio/pilot:latest"}},
                [f"image.repository: got 'istio/pilot:latest'; {PINNED}"],
            ),
            (
                {"image": "evilimage:latest"},
                [
                    f"image: got 'evilimage'; allowed {IMAGES}; {FROM_THERE}",
                    f"image: got 'evilimage:latest'; {PINNED}",
                ],
            ),
            (
                {"image": {"name": "evil.example/x:latest"}},
                [
                    f"image.name: got 'evil.example/x'; allowed {IMAGES}; {FROM_THERE}",
                    f"image.name: got 'evil.example/x:latest'; {PINNED}",
                ],
            ),
            (
                {"image": {"registry": "evil.example", "name": "x", "tag": "1"}},
                [f"image.name: got 'evil.example/x'; allowed {IMAGES}; {FROM_THERE}"],
            ),
            (
                {"sidecars": [{"repository": "evil.example/x", "tag": "latest"}]},
                [
                    f"sidecars[0].repository: got 'evil.example/x'; allowed {IMAGES}; {FROM_THERE}",
                    f"sidecars[0].tag: got 'latest'; {PINNED}",
                ],
            ),
        )
    ),
    *(
        Example(rule="image-sources", type=RELEASE, props={"chart": "./charts/a", "values": values})
        for values in (
            {"image": {"repository": "istio/pilot", "tag": "latest", "digest": DIGEST}},
            {"image": {"repository": "istio/pilot", "tag": f"latest@{DIGEST}"}},
            {"image": {"repository": f"istio/pilot@{DIGEST}", "tag": ""}},
            {"image": {"repository": "istio/pilot", "tag": UNKNOWN}},
            {"image": {"repository": "istio/pilot", "tag": None}},
            {"image": {"repository": "istio/pilot", "tag": "", "digest": UNKNOWN}},
            {"image": {"repository": "istio/pilot", "tag": 1.31}},
            {"image": {"name": "pilot"}, "name": "not/an:image", "tag": ""},
            {"image": "istio/pilot:1.31.1"},
            {
                "global": {"hub": "docker.io/istio", "tag": "1.31.1"},
                "pilot": {"hub": "docker.io/istio", "tag": ""},
            },
        )
    ),
    *(
        Example(rule="image-sources", type=type_, props=props, settings=settings)
        for type_, props, settings in (
            (DEPLOYMENT, pods("auto", "istio/proxyv2:1.31.1", f"istio/a@sha256:{'0' * 64}"), {}),
            (
                DEPLOYMENT,
                pods("mirror.example:5000/nginx:1.29"),
                {"images": ["mirror.example:5000"]},
            ),
            (RELEASE, {"chart": "./charts/istiod", "values": {"pilot": {"image": "pilot"}}}, {}),
            (RELEASE, {"chart": "oci://registry.istio.io/release/istiod", "version": "1.31.1"}, {}),
            (
                RELEASE,
                {
                    "chart": "aws-load-balancer-controller",
                    "version": "3.5.0",
                    "repositoryOpts": {"repo": "https://aws.github.io/eks-charts"},
                    "values": {"image": {"repository": "public.ecr.aws/eks/controller"}},
                },
                {},
            ),
        )
    ),
)
