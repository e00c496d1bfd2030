"""The deployment's settings: read once, from the environment, .env or files; what is wrong is named."""

from pathlib import Path

import pytest

from bot.settings import Settings, WrongSettings, list_unknown, read_settings

TOKEN = "424242:" + "R" * 35


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a .env."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("TIME_ZONE", "Peking", "is no time zone; take one like Asia/Shanghai"),
        ("TIME_ZONE", "../../etc/passwd", "is no time zone; take one like Asia/Shanghai"),
        ("LANGUAGE", "fr", "is en or zh_Hans"),
        ("WEB_PORT", "eighty", "valid integer"),
        ("WEB_PORT", "0", "greater than or equal to 1"),
        ("STATUS_PORT", "off", "valid integer"),
        ("LOG", "xml", "'text' or 'json'"),
        ("PHOTO_STORE_ENDPOINT", "storage:9000", "is no address"),
        ("ADMIN_IDS", "7, boss", "valid integer"),
        ("DATABASE_URL", "mysql://host/name", "is neither sqlite:///path nor postgresql://"),
        ("TELEGRAM_API_URL", "127.0.0.1:8081", "is no address"),
        ("WEBHOOK_URL", "rounds.example.org", "is no address"),
        ("WEBHOOK_SECRET", "a b", "letters A-Z and a-z, digits, _ and -"),
        ("WEBHOOK_SECRET", "a" * 257, "1 to 256"),
        ("WEBHOOK_SECRET", "", "1 to 256"),
        ("WEBHOOK_SECRET", "sésame", "letters A-Z and a-z"),
    ],
)
def test_a_wrong_value_is_told_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(f"ROUNDS_{name}", value)
    with pytest.raises(WrongSettings, match=f"ROUNDS_{name}: .*{reason}") as told:
        read_settings()
    assert len(value) < 3 or name != "WEBHOOK_SECRET" or value not in str(told.value)


def test_everything_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_LANGUAGE", "fr")
    monkeypatch.setenv("ROUNDS_WEB_PORT", "x")
    with pytest.raises(WrongSettings, match=r"ROUNDS_WEB_PORT: .*ROUNDS_LANGUAGE: "):
        read_settings()


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    (elsewhere / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    monkeypatch.setenv("ROUNDS_BOT_TOKEN_FILE", str(elsewhere / "token"))
    assert read_settings().token() == TOKEN


def test_a_file_may_be_named_in_dot_env(elsewhere: Path) -> None:
    (elsewhere / "token").write_text(TOKEN, encoding="utf-8")
    (elsewhere / ".env").write_text("ROUNDS_BOT_TOKEN_FILE=token\nROUNDS_COMPANY=云杉食品\n", encoding="utf-8")
    settings = read_settings()
    assert (settings.token(), settings.company) == (TOKEN, "云杉食品")


def test_the_environment_stands_above_dot_env(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    (elsewhere / ".env").write_text("ROUNDS_LANGUAGE=en\nROUNDS_WEB_PORT=9000\n", encoding="utf-8")
    monkeypatch.setenv("ROUNDS_LANGUAGE", "zh_Hans")
    assert (read_settings().language, read_settings().web_port) == ("zh_Hans", 9000)


def test_a_file_that_is_not_there_is_told_with_its_variable(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    monkeypatch.setenv("ROUNDS_BOT_TOKEN_FILE", str(elsewhere / "none"))
    with pytest.raises(WrongSettings, match=r"ROUNDS_BOT_TOKEN_FILE: .*No such file"):
        read_settings()


def test_a_file_that_is_no_text_is_told_with_its_variable(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    (elsewhere / "token").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("ROUNDS_BOT_TOKEN_FILE", str(elsewhere / "token"))
    with pytest.raises(WrongSettings, match=r"ROUNDS_BOT_TOKEN_FILE: .*no text"):
        read_settings()


@pytest.mark.parametrize("token", ["", "abc", "12:short", "x" + TOKEN, TOKEN + "\nmore", TOKEN + "é"])
def test_a_token_of_another_shape_is_refused_without_being_told(token: str) -> None:
    with pytest.raises(WrongSettings, match="ROUNDS_BOT_TOKEN does not look like a token") as told:
        Settings(_env_file=None, bot_token=token).token()
    assert not token or token not in str(told.value)


def test_a_missing_token_says_where_to_get_one() -> None:
    with pytest.raises(WrongSettings, match="ROUNDS_BOT_TOKEN is missing: ask @BotFather"):
        Settings(_env_file=None).token()


def test_a_webhook_needs_a_secret() -> None:
    with pytest.raises(WrongSettings, match="ROUNDS_WEBHOOK_SECRET is missing"):
        Settings(_env_file=None, webhook_url="https://rounds.example.org").secret()


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    store = {"photo_store_key": "AKIA", "photo_store_secret": "hush"}
    shown = repr(Settings(_env_file=None, bot_token=TOKEN, webhook_secret="sesame", **store))
    assert not any(secret in shown for secret in (TOKEN, "sesame", "AKIA", "hush"))


def test_the_photo_stores_access_is_what_was_given_and_no_more(
    monkeypatch: pytest.MonkeyPatch, elsewhere: Path
) -> None:
    assert Settings(_env_file=None).store_access() == {}
    (elsewhere / "secret").write_text("hush\n", encoding="utf-8")
    monkeypatch.setenv("ROUNDS_PHOTO_STORE_ENDPOINT", "http://storage:9000/")
    monkeypatch.setenv("ROUNDS_PHOTO_STORE_KEY", "AKIA")
    monkeypatch.setenv("ROUNDS_PHOTO_STORE_SECRET_FILE", str(elsewhere / "secret"))
    assert read_settings().store_access() == {
        "endpoint": "http://storage:9000",
        "access_key_id": "AKIA",
        "secret_access_key": "hush",
    }


@pytest.mark.parametrize("given", ["postgres://u:p@h/n", "postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"])
def test_every_spelling_of_postgresql_finds_its_driver(given: str) -> None:
    assert Settings(_env_file=None, database_url=given).database == "postgresql+psycopg://u:p@h/n"


def test_the_database_lies_in_the_data_directory_unless_given() -> None:
    assert Settings(_env_file=None, data_dir="there").database == "sqlite:///there/rounds.db"


@pytest.mark.parametrize("given", ["7,8", "7 8", " 7, 8 "])
def test_admins_are_a_list_of_numbers(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("ROUNDS_ADMIN_IDS", given)
    assert read_settings().admin_ids == {7, 8}


def test_a_misspelt_variable_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_BOT_TOKN", TOKEN)
    monkeypatch.setenv("ROUNDS_BOT_TOKEN_FILE", "token")
    assert list_unknown() == ["ROUNDS_BOT_TOKN"]
