"""Buckets behind distributions, read by an origin access control."""

from __future__ import annotations

from analyzer.findings import Fix
from analyzer.model import Props, Resource
from analyzer.policy.fixes.buckets import objects_of, with_statement
from analyzer.policy.fixes.values import Template, own_name, place
from analyzer.unknown import absent

_CONTROL = "BucketAccessControl"
_NOTE = "let the distribution read the bucket, in the bucket's policy"


def with_access_control(origin: Props) -> Fix:
    """Reach a bucket by an access control, and let the bucket answer the distribution.

    A bucket without a policy gets none here, beside one that another fix may add.
    Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin".
    """
    distribution = origin.resource
    change: dict[str, object] = {
        place(origin.at("OriginAccessControlId")): {"Fn::GetAtt": [_CONTROL, "Id"]}
    }
    if not absent(origin.S3OriginConfig.OriginAccessIdentity):
        change[place(origin.S3OriginConfig.at("OriginAccessIdentity"))] = ""
    bucket = distribution.inventory.resolve(origin.DomainName, "a bucket")
    granted = with_statement(bucket, _reading(bucket, distribution), distribution)
    return Fix(
        set=change,
        elsewhere=granted.elsewhere,
        add={_CONTROL: _control()},
        note="" if granted.elsewhere else _NOTE,
    )


def _control() -> Template:
    config = {
        "Name": own_name("buckets"),
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    return {
        "Type": "AWS::CloudFront::OriginAccessControl",
        "Properties": {"OriginAccessControlConfig": config},
    }


def _reading(bucket: Resource, distribution: Resource) -> Template:
    name = f"distribution/${{{distribution.id}}}"
    arn = f"arn:${{AWS::Partition}}:cloudfront::${{AWS::AccountId}}:{name}"
    return {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": objects_of(bucket, distribution),
        "Condition": {"StringEquals": {"aws:SourceArn": {"Fn::Sub": arn}}},
    }
