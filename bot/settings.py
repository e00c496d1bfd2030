"""The deployment's settings: environment or .env, prefix ROUNDS_, each also as ROUNDS_<NAME>_FILE. Read once."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "ROUNDS_"
ENV_FILE = ".env"
TOKEN_SHAPE = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
SECRET_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,256}")  # https://core.telegram.org/bots/api#setwebhook
DATABASE_SHAPE = re.compile(r"sqlite:///.+|postgres(ql)?(\+psycopg)?://.+")


class WrongSettings(Exception):  # noqa: N818 - it is told to the operator
    """Settings are missing or wrong; the message names each variable and says what is right."""


class Settings(BaseSettings):
    """See docs/operating.md for what each is for."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    database_url: str = ""
    data_dir: Path = Path("data")
    photo_store: str = ""
    photo_store_endpoint: str = ""
    photo_store_key: SecretStr | None = None
    photo_store_secret: SecretStr | None = None
    webhook_url: str = ""
    webhook_secret: SecretStr | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(8080, ge=1, le=65535)
    status_host: str = "127.0.0.1"
    status_port: int | None = Field(default=None, ge=1, le=65535)
    log: Literal["text", "json"] = "text"
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    time_zone: str = "Asia/Shanghai"
    language: str = "en"
    company: str = "Our company"

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _numbers(cls, value: Any) -> Any:
        return [part for part in value.replace(",", " ").split() if part] if isinstance(value, str) else value

    @field_validator("telegram_api_url", "webhook_url", "photo_store_endpoint")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("is no address; it starts with https:// and a host")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not DATABASE_SHAPE.fullmatch(value):
            raise ValueError("is neither sqlite:///path nor postgresql://user:password@host/name")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _allowed_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not SECRET_SHAPE.fullmatch(value.get_secret_value()):
            raise ValueError("may have 1 to 256 letters A-Z and a-z, digits, _ and -")
        return value

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
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.database_url)

    @property
    def photos(self) -> str:
        """Where photos are kept: a folder, or s3://bucket/prefix."""
        return self.photo_store or str(self.data_dir / "photos")

    def store_access(self) -> dict[str, str]:
        """How an s3:// photo store is reached, by obstore's names; what is not given here it takes from AWS_*."""
        access = {
            "endpoint": self.photo_store_endpoint,
            "access_key_id": _revealed(self.photo_store_key),
            "secret_access_key": _revealed(self.photo_store_secret),
        }
        return {name: value for name, value in access.items() if value}

    def token(self) -> str:
        """The bot's token; a missing or misshapen one says where to get it."""
        if self.bot_token is None:
            raise WrongSettings("ROUNDS_BOT_TOKEN is missing: ask @BotFather for a bot and put its token there")
        token = self.bot_token.get_secret_value().strip()
        if not TOKEN_SHAPE.fullmatch(token):
            raise WrongSettings("ROUNDS_BOT_TOKEN does not look like a token: digits, a colon, then 35 characters")
        return token

    def secret(self) -> str:
        """The webhook's secret, required with a webhook."""
        if self.webhook_secret is None:
            raise WrongSettings("ROUNDS_WEBHOOK_SECRET is missing: up to 256 letters, digits, _ and - of your choice")
        return self.webhook_secret.get_secret_value()


def read_settings(**given: Any) -> Settings:
    """Settings from the environment; `given` wins. Raises WrongSettings, which tells of all that is wrong."""
    values = {**_from_files(), **given}
    try:
        return Settings(**values)
    except ValidationError as error:
        wrong = [f"{PREFIX}{str(fault['loc'][0]).upper()}: {_told(fault['msg'])}" for fault in error.errors()]
        raise WrongSettings("; ".join(dict.fromkeys(wrong))) from None


def list_unknown() -> list[str]:
    """Variables of our prefix that mean nothing to us: a slip of the pen is otherwise silent."""
    known = {PREFIX + name.upper() + suffix for name in Settings.model_fields for suffix in ("", "_FILE")}
    return sorted(name for name in _variables() if name.startswith(PREFIX) and name not in known)


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""


def _told(message: str) -> str:
    return message.removeprefix("Value error, ")


def _variables() -> dict[str, str]:
    """The environment above .env."""
    kept = {name.upper(): value or "" for name, value in dotenv_values(ENV_FILE, encoding="utf-8").items()}
    return {**kept, **{name.upper(): value for name, value in os.environ.items()}}


def _from_files() -> dict[str, str]:
    """What is given as a file, as secrets are on many hosts."""
    values, variables = {}, _variables()
    for name in Settings.model_fields:
        variable = f"{PREFIX}{name.upper()}_FILE"
        path = variables.get(variable)
        if not path:
            continue
        try:
            values[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise WrongSettings(f"{variable}: {path} cannot be read ({reason})") from None
    return values
