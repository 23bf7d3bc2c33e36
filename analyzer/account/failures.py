"""What went wrong with a call: denied, throttled, timed out, or failed otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["denied", "throttled", "timed out", "failed"]

EXPIRED = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
)
"""Codes that a new assumption of the role answers."""

_DENIED = frozenset(
    {
        "403",
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedFault",
        "AllAccessDisabled",
        "AuthFailure",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Client.UnauthorizedOperation",
        "ExplicitDeny",
        "Forbidden",
        "ForbiddenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "NotAuthorized",
        "NotAuthorizedException",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    }
)
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
        "429",
    }
)


@dataclass(frozen=True, slots=True)
class Failure(Exception):  # noqa: N818 - it is a value as well as what is raised
    """A call that gave no answer. `call` is `service:Operation`, `code` AWS's error code."""

    call: str
    code: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.call} answered {self.code}"


def failure_of(call: str, error: Exception) -> Failure:
    """The failure that an exception of the client stands for."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        code = f"{error.response.get('Error', {}).get('Code') or 'Unknown'}"
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return Failure(call, code, _kind(code, status))
    code = type(error).__name__
    if isinstance(error, exceptions.ReadTimeoutError | exceptions.ConnectTimeoutError):
        return Failure(call, code, "timed out")
    if isinstance(
        error,
        exceptions.NoCredentialsError
        | exceptions.PartialCredentialsError
        | exceptions.CredentialRetrievalError
        | exceptions.TokenRetrievalError,
    ):
        return Failure(call, code, "denied")
    return Failure(call, code, "failed")


def _kind(code: str, status: int | None) -> Kind:
    if code in _THROTTLED or status == 429:  # noqa: PLR2004 - the status is its own name
        return "throttled"
    if code in _DENIED or code in EXPIRED or status in (401, 403):
        return "denied"
    return "failed"
