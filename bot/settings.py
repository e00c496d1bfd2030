"""The deployment's settings: environment or .env, prefix ROUNDS_, each also as ROUNDS_<NAME>_FILE. Read once."""

import os
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TOKEN_SHAPE = r"^\d+:[\w-]{30,}$"


class WrongSettings(Exception):
    """A setting is missing or wrong; the message names the variable and says what is right."""


class Settings(BaseSettings):
    """See docs/operating.md for what each is for."""

    model_config = SettingsConfigDict(env_prefix="ROUNDS_", env_file=".env", extra="ignore", frozen=True)

    bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    database_url: str = ""
    data_dir: Path = Path("data")
    photo_store: str = ""
    webhook_url: str = ""
    webhook_secret: SecretStr | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(8080, ge=1, le=65535)
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    time_zone: str = "Asia/Shanghai"
    language: str = "en"
    company: str = "Rounds"

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _numbers(cls, value: Any) -> Any:
        return [part for part in value.replace(",", " ").split() if part] if isinstance(value, str) else value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is no time zone; take one like Asia/Shanghai") from None
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in ("en", "zh_Hans"):
            raise ValueError("is en or zh_Hans")
        return value

    @property
    def database(self) -> str:
        """The database's address: SQLite below the data directory unless one is given."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'rounds.db'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def photos(self) -> str:
        """Where photos are kept: a folder, or s3://bucket/prefix."""
        return self.photo_store or str(self.data_dir / "photos")

    def token(self) -> str:
        """The bot's token; a missing or misshapen one says where to get it."""
        import re

        if self.bot_token is None:
            raise WrongSettings("ROUNDS_BOT_TOKEN is missing: ask @BotFather for a bot and put its token there")
        token = self.bot_token.get_secret_value().strip()
        if not re.match(TOKEN_SHAPE, token):
            raise WrongSettings("ROUNDS_BOT_TOKEN does not look like a token: digits, a colon, then 35 characters")
        return token

    def secret(self) -> str:
        """The webhook's secret, required with a webhook."""
        if self.webhook_secret is None:
            raise WrongSettings("ROUNDS_WEBHOOK_SECRET is missing: any 16 to 256 letters, digits, _ and -")
        return self.webhook_secret.get_secret_value()


def read_settings(**given: Any) -> Settings:
    """Settings from the environment; `given` wins. Raises WrongSettings."""
    values = {**_from_files(), **given}
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = "ROUNDS_" + str(first["loc"][0]).upper()
        raise WrongSettings(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None


def _from_files() -> dict[str, str]:
    """What is given as a file, as secrets are on many hosts."""
    values = {}
    for name in Settings.model_fields:
        variable = f"ROUNDS_{name.upper()}_FILE"
        path = os.environ.get(variable)
        if not path:
            continue
        try:
            values[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise WrongSettings(f"{variable}: cannot be read ({error.strerror})") from None
    return values
