from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.secrets import (
    masked,
    names_secret,
    secret_in,
    secret_lines,
    secret_variable,
    secrets_below,
    written_secret,
)
from analyzer.template import MASK, SecretParameter, read_source
from analyzer.unknown import Partial, Reference, Undecided, Unknown

SHOWN = [
    "MasterUserPassword: hunter2",
    "  MasterUserPassword: 'hunter 2'",
    '"MasterUserPassword": "hunter2",',
    "{Password: hunter2, Port: 5432}",
    "export DB_PASSWORD=hunter2",
    "DJANGO_SECRET_KEY=hunter2",
    "STRIPE_SECRET_KEY=sk_test_hunter2hunter2",
    "key = sk_live_hunter2hunter2",
    "mysql://root:hunter2@db.example.com/shop",
    "AWS_SECRET_ACCESS_KEY=hunter2/hunter2",
    "password=hunter2",
]
HARMLESS = [
    "MasterUserPassword: !Ref Password",
    "MasterUserPassword: {Ref: Password}",
    "MasterUserPassword: '{{resolve:secretsmanager:db:SecretString:password}}'",
    "ManageMasterUserPassword: true",
    "Type: AWS::SecretsManager::Secret",
    "PasswordLength: 32",
    "PasswordPolicy: {MinimumLength: 8}",
    "HttpTokens: required",
    "SecretArn: arn:aws:secretsmanager:eu-west-3:1:secret:x",
    "DB_PASSWORD=${Password}",
    "DB_PASSWORD=$(aws secretsmanager get-secret-value)",
    'SecretStringTemplate: \'{"username": "shop"}\'',
    "GenerateStringKey: password",
    "RefreshTokenValidity: 30",
    "https://github.com:443/x",
    "mysql://root:${Password}@db",
    "TokenValidityUnits: hours",
]


@pytest.mark.parametrize("text", SHOWN)
def test_a_literal_secret_is_found_and_masked(text: str) -> None:
    assert secret_in(text)
    assert "hunter2" not in masked(text)
    assert MASK in masked(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_speaks_of_secrets_is_left_alone(text: str) -> None:
    assert secret_in(text) == ""
    assert masked(text) == text


@given(st.text(min_size=4), st.text(), st.text())
def test_no_given_secret_is_left(secret: str, before: str, after: str) -> None:
    shown = masked(f"{before}{secret}{after}", [secret])
    assert secret not in shown.replace(MASK, "\0")


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@pytest.mark.parametrize(
    "name", ["Password", "DB_PASSWORD", "MasterUserPassword", "stripeSecretKey", "API_KEY", "token"]
)
def test_names_of_secrets(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize(
    "name", ["PasswordPolicy", "SecretArn", "HttpTokens", "KeyName", "KmsKeyId", "Passwordless"]
)
def test_names_that_only_sound_like_it(name: str) -> None:
    assert not names_secret(name)


def test_a_hole_is_no_literal_but_what_stands_beside_it_is() -> None:
    hole = Unknown("parameter `X`", "has no value")
    assert secret_in(Partial("DB_PASSWORD=", hole)) == ""
    assert secret_in(Partial("HOST=", hole, "\nDB_PASSWORD=hunter2"))


def test_a_secret_parameter_is_written_where_the_template_has_its_default() -> None:
    with_default = SecretParameter("parameter `P`", "is a NoEcho parameter", has_default=True)
    without = SecretParameter("parameter `P`", "has no value", has_default=False)
    assert written_secret("hunter2")
    assert written_secret(with_default)
    assert not written_secret(without)
    assert not written_secret(Unknown("parameter `P`", "has no value"))


def test_a_variable_of_a_secret_name_is_in_clear_wherever_its_value_comes_from() -> None:
    parameter = SecretParameter("parameter `P`", "has no value", has_default=False)
    assert secret_variable("DB_PASSWORD", "hunter2")
    assert secret_variable("DB_PASSWORD", parameter)
    assert secret_variable("DB_HOST", parameter)
    assert secret_variable("STRIPE", "sk_live_hunter2hunter2")
    assert not secret_variable("DB_HOST", Unknown("parameter `H`", "has no value"))
    assert not secret_variable("DB_PASSWORD", Reference("main/Secret"))
    assert not secret_variable("DB_SECRET", "arn:aws:secretsmanager:eu-west-3:1:secret:x")


def test_nothing_is_said_of_a_text_that_is_not_known() -> None:
    with pytest.raises(Undecided):
        secret_in(Unknown("parameter `Script`", "has no value"))


def test_literals_under_secret_names_are_collected() -> None:
    properties = {"A": [{"MasterUserPassword": "hunter2"}], "Name": "x", "Password": "!Ref X"}
    assert list(secrets_below(properties)) == ["hunter2"]


def test_user_data_is_read_through_its_encoding() -> None:
    data = base64.b64encode(b"#!/bin/sh\nexport STRIPE_KEY=sk_test_hunter2hunter2\n").decode()
    assert secret_in(data) == "a Stripe key"


SHOWN_BY_PLACE = [
    "mysql -h db -u root -phunter2 shop",
    "mysqldump -u root -p'hunter2' shop",
    "curl -s -u admin:hunter2 https://example.com",
    "sshpass -p hunter2 ssh host",
    "redis-cli -h cache -a hunter2 ping",
    "docker login -u shop -p hunter2 registry.example.com",
    "aws configure set aws_secret_access_key hunter2",
    "aws configure set profile.x.aws_secret_access_key hunter2",
    "app --admin-password hunter2 --port 80",
    "echo 'root:hunter2' | chpasswd",
    "CREATE USER shop IDENTIFIED BY 'hunter2';",
    "ALTER USER shop WITH PASSWORD 'hunter2';",
]
HARMLESS_BY_PLACE = [
    "mysql -h db -u root -p$DB_PASSWORD shop",
    "mysql --protocol tcp -P 3306",
    "curl -u admin:$PASSWORD https://example.com",
    'TOKEN=`curl -X PUT "http://169.254.169.254/latest/api/token"`',
    "password=get_password()",
    "password = os.environ['DB_PASSWORD']",
    "docker login --password-stdin registry.example.com",
    "app --admin-password --port 80",
    "SECRET_KEY=alias/shop",
]


@pytest.mark.parametrize("text", SHOWN_BY_PLACE)
def test_a_password_is_found_by_its_place_in_a_command(text: str) -> None:
    assert secret_in(text)
    assert "hunter2" not in masked(text)
    assert masked(text).startswith(text.split("hunter2", maxsplit=1)[0])


@pytest.mark.parametrize("text", HARMLESS_BY_PLACE)
def test_a_command_that_only_fetches_a_password_is_left_alone(text: str) -> None:
    assert secret_in(text) == ""
    assert masked(text) == text


@pytest.mark.parametrize("name", ["credentıal", "CREDENTİAL", "ſecret", "api_\N{KELVIN SIGN}ey"])
def test_letters_that_are_the_same_but_for_their_case_hide_no_secret(name: str) -> None:
    assert masked(f"{name} = hunter22xyz") == f"{name} = {MASK}"


def test_a_secret_of_several_lines_is_masked_in_each_of_them() -> None:
    kind = "RSA PRIVATE KEY"
    key = f"-----BEGIN {kind}-----\nMIIEhunter2\nhunter2hunter2\n-----END {kind}-----"
    secrets = list(secrets_below({"Content": f"{key}\n"}))
    for line in key.splitlines():
        assert masked(f"    {line}", secrets) == f"    {MASK}"


@pytest.mark.parametrize("text", ['"Password": "a\\"hunter2"', "Password: 'a''hunter2'"])
def test_a_secret_is_masked_beyond_the_quotes_that_it_contains(text: str) -> None:
    assert "hunter2" not in masked(text)


@pytest.mark.parametrize("spelling", ['a\\"hunter2', 'a"hunter2'])
def test_a_given_secret_is_masked_as_a_template_spells_it(spelling: str) -> None:
    assert masked(f"<{spelling}>", ['a"hunter2']) == f"<{MASK}>"


@pytest.mark.parametrize("naming", ["Name", "Key", "ParameterKey", "name"])
def test_an_entry_is_named_by_a_property_of_its_own(naming: str) -> None:
    entries = {"Environment": [{"Value": "hunter2", naming: "DB_PASSWORD"}]}
    assert list(secrets_below(entries)) == ["hunter2"]
    assert not list(secrets_below({"Environment": [{"Value": "shop", naming: "DB_NAME"}]}))


def test_a_literal_that_begins_like_a_tag_is_a_literal() -> None:
    assert list(secrets_below({"Password": "!hunter2"})) == ["!hunter2"]


def test_of_a_password_with_holes_the_written_pieces_are_secret() -> None:
    hole = Unknown("parameter `X`", "has no value")
    assert list(secrets_below({"Password": Partial("hunter2-", hole)})) == ["hunter2-"]
    assert not list(secrets_below({"DbSecret": Partial("shop-", hole, "-database")}))


def test_an_encoded_text_with_a_secret_is_itself_secret() -> None:
    data = base64.b64encode(b"#!/bin/sh\nexport DB_PASSWORD=hunter2\n").decode()
    assert list(secrets_below({"UserData": data})) == [data]
    harmless = base64.b64encode(b"#!/bin/sh\nyum install -y httpd\n").decode()
    assert not list(secrets_below({"UserData": harmless}))


@pytest.mark.parametrize("value", ["true", "False", "disabled", "alias/shop", "${Token}"])
def test_a_switch_or_a_reference_is_no_secret_whatever_its_variable_is_called(value: str) -> None:
    assert not secret_variable("USE_TOKEN", value)


@given(
    st.sets(st.text(alphabet="ab'\"\\\n", min_size=4, max_size=8)), st.text(alphabet="ab'\"\\\n")
)
def test_of_several_given_secrets_none_is_left(secrets: set[str], around: str) -> None:
    shown = masked(around.join(["", *sorted(secrets), ""]), secrets)
    assert not [secret for secret in secrets if secret in shown]


@pytest.mark.parametrize("piece", ["mysql ", "password", "a.", "https://", " --a-a", "curl -u x "])
def test_a_hostile_text_is_read_in_time(piece: str) -> None:
    text = f"key {piece * 20_000}"
    before = time.perf_counter()
    masked(text)
    secret_in(text)
    assert time.perf_counter() - before < 5  # seconds; each took minutes where starts overlapped


@pytest.mark.parametrize(
    "text",
    [
        "A: >-\n  correct horse\n  battery staple\n",
        "A: correct horse\n  battery staple\n",
        'A: ["correct\n  horse battery\n  staple"]\n',
        'A: "correct ho\\\n  rse battery sta\\\n  ple"\r\n',
        'A: "\\"correct horse\n  battery staple\\""\n',
    ],
)
def test_a_secret_that_is_put_together_of_several_lines_is_found_as_it_is_written(
    text: str,
) -> None:
    source = read_source(("template.yaml", text.encode()))
    lines = frozenset(secret_lines(["correct horse battery staple"], source))
    shown = "".join(masked(line, lines) for line in text.splitlines(keepends=True))
    for word in ("correct", "horse", "rse", "battery", "staple", "ple"):
        assert word not in shown


def test_a_secret_in_one_line_of_a_longer_text_hides_no_other_line() -> None:
    source = read_source(("template.yaml", b"A: >-\n  say it: hunter 2\n  and no more\n"))
    assert not list(secret_lines(["hunter 2"], source))
