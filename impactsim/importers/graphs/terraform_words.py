"""What the types of Terraform's resources say: what sort of thing they are, and whose."""

from __future__ import annotations

import re

PROVIDERS = {
    "aws": "AWS",
    "awscc": "AWS",
    "google": "Google-Cloud",
    "azurerm": "Azure",
    "azuread": "Microsoft-Entra",
    "azapi": "Azure",
    "alicloud": "Alibaba-Cloud",
    "oci": "Oracle-Cloud",
    "ibm": "IBM-Cloud",
    "digitalocean": "DigitalOcean",
    "hcloud": "Hetzner-Cloud",
    "ovh": "OVHcloud",
    "scaleway": "Scaleway",
    "linode": "Akamai-Linode",
    "vultr": "Vultr",
    "exoscale": "Exoscale",
    "cloudflare": "Cloudflare",
    "fastly": "Fastly",
    "akamai": "Akamai",
    "datadog": "Datadog",
    "github": "GitHub",
    "gitlab": "GitLab",
    "mongodbatlas": "MongoDB-Atlas",
    "confluent": "Confluent-Cloud",
    "snowflake": "Snowflake",
}
"""Third parties by the first word of a type; any other first word that is no utility counts as the name of one."""

UTILITIES = {
    *("archive", "cloudinit", "docker", "dns", "external", "helm", "http", "kubectl", "kubernetes", "libvirt", "local"),
    *(
        "null",
        "openstack",
        "proxmox",
        "random",
        "template",
        "terraform",
        "time",
        "tls",
        "vsphere",
        "consul",
        "vault",
        "nomad",
    ),
}
"""First words of types behind which no third party stands: what only computes, and what people run themselves."""

_NO_WORK = re.compile(
    r"_(?:attachment|association|policy|policies|permission|security_group_rule|network_security_rule|firewall_rule|role|profile"
    r"|key_pair|ssh_key|access_key|membership|member|binding|grant|parameter_group|option_group|subnet_group|security_group"
    r"|log_group|version|object|settings?|acl|lifecycle|alarm|certificate_validation|snapshot|tag|user|password|secret"
    r"|assignment|definition|listener_certificate)$|_iam_|_metric_"
    r"|^(?:null|random|tls|template|archive|local|time|external|http|terraform|cloudinit)_"
)
_DATA = (
    r"rds|aurora|_db(?:_|$)|database|dynamodb|sql|postgres|mysql|mariadb|mongo|documentdb|docdb|cosmos|redis|memcache|cache|opensearch"
    r"|elasticsearch|redshift|bigquery|bigtable|spanner|firestore|neptune|s3_bucket$|storage_bucket$|storage_account$|spaces_bucket"
    r"|object_storage|efs|fsx|filestore|_disk$|_volume$"
)
_BALANCER = r"_[ae]?lb(?:_|$)|load_?balancer|forwarding_rule|application_gateway|frontdoor|target_group|backend_service|_listener$"
_SERVICE = (
    r"lambda|function|app_service|web_app|cloud_run|ecs_service|_deployment|stateful_set|daemonset|apprunner|beanstalk|container_app"
    r"|api_gateway|apigateway|app_engine|helm_release|_job$"
)
_CLUSTER = r"ecs_cluster|eks_cluster|kubernetes_cluster|container_cluster|_cluster$|node_group|node_pool|autoscaling_group|scale_set"
_CONNECTIVITY = (
    r"vpc$|_network$|subnet|_route|gateway|_nat|vpn|peering|eip$|cloudfront|_cdn|endpoint|direct_connect|_dx_|express_route"
    r"|interconnect|transit|_vnet"
)
_KINDS = (
    (
        "queue",
        r"sqs|sns_topic|queue|topic|pubsub|eventhub|servicebus|kinesis|kafka|_msk_|rabbitmq|amqp|mq_broker|event_bus",
    ),
    ("data", _DATA),
    ("dns", r"route53|_dns_|_dns$|dns_zone|dns_record|cloudflare_record|_zone$"),
    ("load-balancer", _BALANCER),
    ("service", _SERVICE),
    ("cluster", _CLUSTER),
    ("host", r"instance$|virtual_machine|_vm$|droplet|_server$|machine$"),
    ("connectivity", _CONNECTIVITY),
    ("tool", r"cognito|auth0|okta|key_vault$|kms_key$|container_registry|ecr_repository|artifact_registry"),
)
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]


def kind_of(type_: str) -> str:
    """Return the kind of a resource by its type; empty for what does no work by itself or is not known.

    Examples
    --------
    >>> kind_of("aws_db_instance"), kind_of("aws_lb"), kind_of("google_compute_instance"), kind_of("aws_iam_role")
    ('data', 'load-balancer', 'host', '')
    """
    if _NO_WORK.search(type_):
        return ""
    return next((kind for kind, pattern in _PATTERNS if pattern.search(type_)), "")
