"""Clients of one account: the current credentials, or a role that is assumed again in time."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any

from analyzer import __version__
from analyzer.account.limits import Limiter
from analyzer.errors import UsageError

SESSION_NAME = "assay"
_HOME = "us-east-1"  # where the one endpoint of a service without regions is


@dataclass(frozen=True, slots=True)
class Account:
    """An account to read. Without a role it is the one of the current credentials."""

    id: str
    name: str = ""
    role: str = ""  # ARN
    external_id: str = ""
    session_name: str = SESSION_NAME


@dataclass(frozen=True, slots=True)
class Connection:
    """How AWS is reached: a profile of the shared configuration, another endpoint, patience.

    Seconds of waiting for a connection and an answer; `attempts` of one call, the first included.
    """

    profile: str = ""
    endpoint_url: str = ""
    connect_seconds: float = 10
    read_seconds: float = 30
    attempts: int = 6


class Clients:
    """The clients of one account, each made once; safe to share between threads."""

    def __init__(self, account: Account, connection: Connection, limiter: Limiter) -> None:
        self._account = account
        self._connection = connection
        self._limiter = limiter
        self._lock = threading.RLock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._old: list[Any] = []
        self._loader: Any = None
        self._session: Any = None
        self._age = 0

    @property
    def age(self) -> int:
        """How often the credentials were renewed."""
        return self._age

    def of(self, service: str, region: str) -> Any:
        """The client of a service in a region; `global` is the home of services without regions."""
        key = (service, region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._made(service, region)
            return self._clients[key]

    def renew(self, age: int) -> None:
        """Take new credentials, unless another thread did since the given `age`."""
        with self._lock:
            if age == self._age:
                self._session = None
                self._old.extend(self._clients.values())  # other threads may still wait for them
                self._clients.clear()
                self._age += 1

    def release(self, service: str, region: str) -> None:
        """Let go of a client that is done, and of the description that it was made from."""
        with self._lock:
            client = self._clients.pop((service, region), None)
            if client is not None:
                client.close()
            if self._loader is not None:
                self._loader._cache.clear()  # noqa: SLF001 - botocore keeps all it ever read

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            for client in (*self._clients.values(), *self._old):
                client.close()
            self._clients.clear()
            self._old.clear()

    def _made(self, service: str, region: str) -> Any:
        from botocore.config import Config

        connection = self._connection
        client = self._signed().client(
            service,
            region_name=_HOME if region in ("", "global") else region,
            endpoint_url=connection.endpoint_url or None,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": connection.attempts},
                connect_timeout=connection.connect_seconds,
                read_timeout=connection.read_seconds,
                max_pool_connections=32,
                user_agent_appid=f"assay-{__version__}",
                inject_host_prefix=not connection.endpoint_url,
                s3={"addressing_style": "path"} if connection.endpoint_url else None,
            ),
        )
        account, limiter = self._account.id, self._limiter

        def wait(**_: Any) -> None:
            limiter.take(account, region, service)

        if connection.endpoint_url:
            client.meta.events.register("before-sign.s3-control", _without_account)
        client.meta.events.register("before-send", wait)  # repeated attempts come by here too
        client.meta.events.register("after-call", _refuse_empty)
        return client

    def _signed(self) -> Any:
        """The session with the account's credentials."""
        if self._session is None:
            base = self._base()
            self._session = self._assumed(base) if self._account.role else base
        return self._session

    def _base(self) -> Any:
        import boto3
        from botocore.exceptions import ProfileNotFound

        try:
            return self._cheap(boto3.Session(profile_name=self._connection.profile or None))
        except ProfileNotFound as error:
            raise UsageError(f"{error}", hint="name one of ~/.aws/config") from error

    def _cheap(self, session: Any) -> Any:
        """The session with the service descriptions that an earlier one has read already."""
        if self._loader is None:
            self._loader = session._session.get_component("data_loader")  # noqa: SLF001 - no public way
        else:
            session._session.register_component("data_loader", self._loader)  # noqa: SLF001
        return session

    def _assumed(self, base: Any) -> Any:
        import boto3
        from botocore.credentials import RefreshableCredentials
        from botocore.session import get_session

        account, sts = (
            self._account,
            base.client(
                "sts", region_name=_HOME, endpoint_url=self._connection.endpoint_url or None
            ),
        )

        def assume() -> dict[str, str]:
            external = {"ExternalId": account.external_id} if account.external_id else {}
            given = sts.assume_role(
                RoleArn=account.role, RoleSessionName=account.session_name, **external
            )["Credentials"]
            return {
                "access_key": given["AccessKeyId"],
                "secret_key": given["SecretAccessKey"],
                "token": given["SessionToken"],
                "expiry_time": given["Expiration"].isoformat(),
            }

        inner = get_session()
        inner._credentials = RefreshableCredentials.create_from_metadata(  # noqa: SLF001 - no public way
            metadata=assume(), refresh_using=assume, method="sts-assume-role"
        )
        return self._cheap(boto3.Session(botocore_session=inner))


def _without_account(request: Any, **_: Any) -> None:
    """An endpoint of one's own has no host names with account ids before them."""
    request.url = re.sub(r"^(https?://)\d{12}\.", r"\1", request.url)


class EmptyAnswerError(Exception):
    """An answer without a body where AWS always sends one: it is not taken for an empty list."""


def _refuse_empty(http_response: Any, model: Any, **_: Any) -> None:
    expects = model.output_shape is not None and model.output_shape.members
    if expects and http_response.status_code == 200 and not http_response.content:  # noqa: PLR2004
        raise EmptyAnswerError(model.name)
