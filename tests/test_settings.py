"""Settings come from the environment, and what cannot be used is said in one sentence."""

from __future__ import annotations

import pytest

from storeql.errors import SettingsError
from storeql.settings import DEVELOPMENT_SECRET, Settings, settings_from_environment

GOOD_SECRET = "k" * 32


def test_nothing_set_is_a_development_shop_on_sqlite() -> None:
    settings = settings_from_environment({})
    assert settings == Settings()
    assert settings.development
    assert settings.database_url.startswith("sqlite:///")


def test_every_setting_has_its_variable_and_port_a_short_one() -> None:
    settings = settings_from_environment(
        {
            "PORT": "9000",
            "STOREQL_WORKERS": "3",
            "STOREQL_GRAPHIQL": "no",
            "STOREQL_CORS_ORIGINS": "https://a.example, https://b.example",
            "STOREQL_DEADLINE_SECONDS": "2.5",
            "STOREQL_DATABASE_URL": "postgresql://shop@db/shop",
        }
    )
    assert (settings.port, settings.workers, settings.graphiql) == (9000, 3, False)
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.deadline_seconds == 2.5


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"PORT": "http"}, "STOREQL_PORT must be a whole number"),
        ({"STOREQL_PORT": "0"}, "STOREQL_PORT must be between 1 and 65535"),
        ({"STOREQL_WORKERS": "1.5"}, "STOREQL_WORKERS must be a whole number"),
        ({"STOREQL_GRAPHIQL": "perhaps"}, "STOREQL_GRAPHIQL must be true or false"),
        ({"STOREQL_ENVIRONMENT": "staging"}, "must be development or production"),
        ({"STOREQL_DATABASE_URL": "mysql://root@db/shop"}, "not on mysql"),
        ({"STOREQL_DATABASE_URL": "not an address"}, "is not a database address"),
        ({"STOREQL_DATABASE_URL": "postgresql://shop:secret@db:x/shop"}, "not a database address"),
        ({"STOREQL_DATABASE_URL": "sqlite://"}, "must name a file"),
        ({"STOREQL_DATABASE_URL": "sqlite:///:memory:"}, "must name a file"),
        ({"STOREQL_SECRET": ""}, "STOREQL_SECRET is empty"),
        ({"STOREQL_CORS_ORIGINS": "*"}, "must name origins"),
        ({"STOREQL_CORS_ORIGINS": "https://shop.example/"}, "must name origins"),
        ({"STOREQL_CORS_ORIGINS": "shop.example"}, "must name origins"),
        ({"STOREQL_PUBLIC_URL": "shop.example"}, "must look like https://"),
        ({"STOREQL_TIME_ZONE": "Mars/Olympus"}, "time zone"),
    ],
)
def test_a_wrong_setting_stops_the_shop_with_one_sentence(
    variables: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError, match=words) as raised:
        settings_from_environment(variables)
    assert "shop:secret" not in raised.value.message


@pytest.mark.parametrize("secret", ["", DEVELOPMENT_SECRET, "short"])
def test_production_needs_a_secret_of_its_own(secret: str) -> None:
    variables = {"STOREQL_ENVIRONMENT": "production", "STOREQL_SECRET": secret}
    with pytest.raises(SettingsError, match="STOREQL_SECRET"):
        settings_from_environment(variables)
    assert not settings_from_environment(variables | {"STOREQL_SECRET": GOOD_SECRET}).development
