"""Answers that a gateway keeps."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, Skip, rule
from analyzer.policy.fixes import place


@rule("ENC-APIGW-01", severity="medium", on="AWS::ApiGateway::Stage")
def stage_cache_is_encrypted(stage: Resource) -> list[Fail] | Skip:
    """Cache of a REST API's stage is encrypted.

    The cache holds answers, with all that callers may see, for as long as they are valid.

    Fix: set CacheDataEncrypted to true wherever CachingEnabled is.
    Source: Amazon API Gateway Developer Guide, "Cache settings for REST APIs in API Gateway".
    """
    caching = [setting for setting in stage.MethodSettings if setting.CachingEnabled]
    if not stage.CacheClusterEnabled or not caching:
        return Skip("caches nothing")
    return [
        Fail(
            "keeps answers in clear",
            at=setting.at("CacheDataEncrypted"),
            fix={place(setting.at("CacheDataEncrypted")): True},
        )
        for setting in caching
        if not setting.CacheDataEncrypted
    ]
