"""The rules of the sample run: enough families, severities, engines and frameworks to show."""

from __future__ import annotations

from analyzer.findings import RuleInfo, Severity

FRAMEWORKS = {
    "aws-fsbp": "AWS Foundational Security Best Practices",
    "cis-aws-5.0": "CIS AWS Foundations Benchmark 5.0",
    "iso-27001-2022": "ISO/IEC 27001:2022, Annex A",
    "well-architected": "AWS Well-Architected Framework",
}


def _rule(
    id_: str,
    severity: Severity,
    type_: str,
    title: str,
    why: str,
    fix: str,
    controls: str = "",
    **settings: object,
) -> RuleInfo:
    frameworks: dict[str, tuple[str, ...]] = {}
    for entry in filter(None, controls.split("; ")):
        framework, _, control = entry.partition(" ")
        frameworks[framework] = (*frameworks.get(framework, ()), control)
    return RuleInfo(
        id=id_,
        title=title,
        severity=severity,
        family=_FAMILY[id_[:3]],
        types=(type_,),
        why=why,
        fix=fix,
        source=f"AWS documentation of {type_}",
        settings=settings,
        frameworks=frameworks,
    )


_FAMILY = {
    "MAZ": "multi-az",
    "ENC": "encryption",
    "NET": "network",
    "IAM": "iam",
    "BAK": "backup",
    "VER": "versions",
    "SEC": "secrets",
}

_OWN = (
    _rule(
        "MAZ-RDS-01",
        Severity.MEDIUM,
        "AWS::RDS::DBInstance",
        "Database instance keeps a standby in a second zone.",
        "Without one, a lost zone takes the database down until a backup is restored.",
        "set MultiAZ to true.",
        "aws-fsbp RDS.5; cis-aws-5.0 2.2.4; iso-27001-2022 A.8.14; well-architected REL10-BP01",
    ),
    _rule(
        "MAZ-VPC-02",
        Severity.MEDIUM,
        "AWS::EC2::NatGateway",
        "Every zone with private workloads has its own NAT gateway.",
        "One gateway for two zones is a single point of failure, and the zones pay for transfer.",
        "add a NAT gateway per zone and route each private subnet to its own.",
        "well-architected REL10-BP01",
    ),
    _rule(
        "ENC-RDS-01",
        Severity.HIGH,
        "AWS::RDS::DBInstance",
        "Database instance storage is encrypted.",
        "Snapshots and replicas inherit it; it cannot be turned on later without a restore.",
        "set StorageEncrypted to true; the instance is replaced.",
        "aws-fsbp RDS.3; cis-aws-5.0 2.2.1; iso-27001-2022 A.8.11; iso-27001-2022 A.8.24",
    ),
    _rule(
        "ENC-LT-01",
        Severity.HIGH,
        "AWS::EC2::LaunchTemplate",
        "Launch template encrypts its block devices.",
        "A volume holds what the instance writes, also after the instance is gone.",
        "set Ebs.Encrypted to true in every block device mapping.",
        "well-architected SEC08-BP02",
    ),
    _rule(
        "ENC-S3-01",
        Severity.MEDIUM,
        "AWS::S3::Bucket",
        "Bucket encrypts objects at rest by default.",
        "Objects written without a header are then encrypted as well.",
        "set BucketEncryption.",
        "aws-fsbp S3.4; iso-27001-2022 A.8.24",
    ),
    _rule(
        "ENC-ELB-01",
        Severity.HIGH,
        "AWS::ElasticLoadBalancingV2::Listener",
        "HTTP listener redirects to HTTPS.",
        "Sessions and passwords cross the internet in clear otherwise.",
        "make the default action a redirect to port 443 and add an HTTPS listener.",
        "aws-fsbp ELB.1; iso-27001-2022 A.8.20; well-architected SEC09-BP02",
    ),
    _rule(
        "NET-SG-01",
        Severity.CRITICAL,
        "AWS::EC2::SecurityGroup",
        "Security group does not open administration ports to the internet.",
        "An open port 22 or 3389 is tried within minutes of its creation.",
        "remove the entry and use Session Manager, or name the group or block that may connect.",
        "aws-fsbp EC2.13; aws-fsbp EC2.14; cis-aws-5.0 5.3; cis-aws-5.0 5.4; iso-27001-2022 A.8.20",
        ports=(22, 3389),
        widest=8,
    ),
    _rule(
        "NET-RDS-02",
        Severity.HIGH,
        "AWS::RDS::DBSubnetGroup",
        "Database subnet group has private subnets only.",
        "A database placed in a public subnet is one attribute away from the internet.",
        "replace the public subnet by a private one in the same zone.",
        "aws-fsbp RDS.46; iso-27001-2022 A.8.22",
    ),
    _rule(
        "NET-VPC-01",
        Severity.LOW,
        "AWS::EC2::VPC",
        "Network writes flow logs.",
        "Without them nobody can say afterwards who talked to what.",
        "add an AWS::EC2::FlowLog for the VPC.",
        "aws-fsbp EC2.6; cis-aws-5.0 3.7; iso-27001-2022 A.8.15",
    ),
    _rule(
        "IAM-ROL-03",
        Severity.HIGH,
        "AWS::IAM::Role",
        "Role does not allow every action on every resource.",
        "Whoever runs code under the role owns the account.",
        "list the actions and the resources that the workload uses.",
        "aws-fsbp IAM.1; cis-aws-5.0 1.15; iso-27001-2022 A.5.15; well-architected SEC03-BP02",
    ),
    _rule(
        "BAK-RDS-01",
        Severity.HIGH,
        "AWS::RDS::DBInstance",
        "Database instance keeps automated backups long enough.",
        "Point-in-time recovery reaches no further back than the automated backups kept.",
        "set BackupRetentionPeriod to the number of days that the policy asks for.",
        "aws-fsbp RDS.11; iso-27001-2022 A.8.13; well-architected REL09-BP03",
        backup_days=7,
    ),
    _rule(
        "BAK-RDS-04",
        Severity.MEDIUM,
        "AWS::RDS::DBInstance",
        "Database instance is protected against deletion.",
        "One wrong stack update deletes it together with its automated backups.",
        "set DeletionProtection to true and DeletionPolicy to Snapshot.",
        "aws-fsbp RDS.8; iso-27001-2022 A.8.13",
    ),
    _rule(
        "BAK-S3-01",
        Severity.LOW,
        "AWS::S3::Bucket",
        "Bucket keeps versions of its objects.",
        "An overwritten or deleted object cannot be brought back otherwise.",
        "set VersioningConfiguration.Status to Enabled.",
        "aws-fsbp S3.14; iso-27001-2022 A.8.13",
    ),
    _rule(
        "VER-RDS-01",
        Severity.HIGH,
        "AWS::RDS::DBCluster",
        "Database engine version is in standard support.",
        "Past it, AWS bills Extended Support per vCPU and hour, and fixes get rare.",
        "upgrade to Aurora MySQL 3 (MySQL 8.0).",
        "aws-fsbp RDS.35; iso-27001-2022 A.8.8",
    ),
    _rule(
        "SEC-TPL-01",
        Severity.CRITICAL,
        "AWS::RDS::DBInstance",
        "Template holds no secret in clear.",
        "Everybody who can read the repository can read the password, for ever.",
        "use ManageMasterUserPassword, or a dynamic reference to Secrets Manager.",
        "cis-aws-5.0 1.13; iso-27001-2022 A.5.17; well-architected SEC02-BP03",
    ),
)

_FOREIGN = (
    RuleInfo(
        "CKV_AWS_260",
        "Ensure no security groups allow ingress from 0.0.0.0:0 to port 80",
        Severity.MEDIUM,
        "network",
        engine="checkov",
        url="https://docs.prismacloud.io/en/enterprise-edition/policy-reference",
    ),
    RuleInfo(
        "CKV_AWS_23",
        "Ensure every security group and rule has a description",
        Severity.LOW,
        "network",
        engine="checkov",
    ),
    RuleInfo(
        "W3011",
        "Check resources with UpdateReplacePolicy/DeletionPolicy have both",
        Severity.LOW,
        "template",
        engine="cfn-lint",
        url="https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md",
    ),
    RuleInfo(
        "W2001",
        "Check if Parameters are Used",
        Severity.INFO,
        "template",
        engine="cfn-lint",
    ),
)

RULES = {info.id: info for info in (*_OWN, *_FOREIGN)}
