"""The templates that the sample run's findings point into: line numbers come from these texts."""

from __future__ import annotations

from analyzer.findings import Excerpt
from analyzer.model import Location

MOODLE = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: Plateforme d'apprentissage Moodle, deux zones de disponibilité

Resources:
  MoodleVpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16

  NatGateway:
    Type: AWS::EC2::NatGateway
    Properties:
      SubnetId: !Ref PublicSubnetA
      AllocationId: !GetAtt NatAddress.AllocationId

  WebSecurityGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Front-end, 80 and 443 only
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}

  HttpListener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref LoadBalancer
      Port: 80
      Protocol: HTTP
      DefaultActions: !Ref ListenerActions

  MoodleLaunchTemplate:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        InstanceType: !Ref InstanceType
        BlockDeviceMappings:
          - DeviceName: /dev/xvda
            Ebs: {VolumeSize: 30, VolumeType: gp3}

  DatabaseCluster:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-mysql
      EngineVersion: 5.7.mysql_aurora.2.11.2
      BackupRetentionPeriod: 30
      StorageEncrypted: !Ref EncryptDatabase

  MediaBucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption: !If [UseKms, !Ref KmsEncryption, !Ref "AWS::NoValue"]

  InstanceRole:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!ImportValue shared-instance-policy]
"""

CLEFCLOUD = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  ScoresRetentionYears: {Type: Number, Default: 5}

Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      EngineVersion: "15"
      DBInstanceClass: !Ref DatabaseClass
      BackupRetentionPeriod: 1
      StorageEncrypted: true
      MultiAZ: !Ref MultiAz

  ScoresBucket:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}

  CiUserPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: "*", Resource: "*"}

  HttpListener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      Port: 80
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
"""

PROJET_E4 = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  DatabasePassword: {Type: String, Default: "********"}

Resources:
  MvpVpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.1.0.0/16}

  CyberVpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.3.0.0/16}

  DatabaseSubnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties:
      SubnetIds: [!Ref MvpPublicSubnet, !Ref MvpPrivateSubnet]

  Database1:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceIdentifier: database-1
      DBInstanceClass: db.m7g.large
      MultiAZ: true
      MasterUserPassword: !Ref DatabasePassword
      DBSubnetGroupName: !Ref DatabaseSubnets

  WebSecurityGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: 0.0.0.0/0

  CyberToolsSecurityGroupForGitLabUptimeKumaAndTheOtherInternalAdministrationTools:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref AdministrationCidr}

  DumpBucket:
    Type: AWS::S3::Bucket
"""

ATELIER = """\
Resources:
  "<script>alert(1)</script>":
    Type: AWS::S3::Bucket
    Properties:
      BucketName: "</pre></script><script>alert('excerpt')</script>"
  "Réservation & Co « été » ' \\" `":
    Type: AWS::EC2::SecurityGroup
"""

TEXTS = {
    "architectures/moodle/template.yaml": MOODLE,
    "architectures/clefcloud/template.yaml": CLEFCLOUD,
    "architectures/projet-e4/as-built.yaml": PROJET_E4,
    "architectures/atelier été/<img src=x onerror=alert(2)>.yaml": ATELIER,
}


def place(file: str, resource: str, at: str = "") -> Location:
    """Where a property stands in a sample template: the resource's own line where it is absent."""
    lines = TEXTS[file].splitlines()
    start = next(n for n, line in enumerate(lines) if line.strip().strip('"').startswith(resource))
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].strip()), len(lines))
    name = at.rpartition("/")[2]
    found = next((n for n in range(start, end) if name and f"{name}:" in lines[n]), start)
    return Location(file, found + 1, len(lines[found]) - len(lines[found].lstrip()) + 1, found + 1)


def excerpt(location: Location) -> Excerpt:
    """Five lines around a place."""
    lines = TEXTS[location.file].splitlines()
    first = max(1, location.line - 2)
    return Excerpt(first, tuple(lines[first - 1 : location.line + 2]))
