"""The rules, in the order in which they are told."""

from .api_endpoint import RANGES_OF_PUBLIC_ENDPOINTS
from .authorization import NO_WILDCARD_AUTHORIZATION
from .certificates import CERTIFICATE_LIFE
from .config_maps import NO_SECRETS_IN_CONFIG_MAPS
from .connections import VERIFIED_CONNECTIONS
from .encryption import ENCRYPTED_SECRETS
from .images import IMAGE_SOURCES
from .mtls import MESH_WIDE_MTLS, STRICT_MTLS
from .owners import OWNER_LABELS
from .rule import Rule, StackRule

RESOURCE_RULES: tuple[Rule, ...] = (
    RANGES_OF_PUBLIC_ENDPOINTS,
    ENCRYPTED_SECRETS,
    STRICT_MTLS,
    NO_WILDCARD_AUTHORIZATION,
    IMAGE_SOURCES,
    OWNER_LABELS,
    CERTIFICATE_LIFE,
    VERIFIED_CONNECTIONS,
    NO_SECRETS_IN_CONFIG_MAPS,
)
STACK_RULES: tuple[StackRule, ...] = (MESH_WIDE_MTLS,)
