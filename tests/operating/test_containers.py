"""Dockerfile and compose.yaml fit the product: its settings, commands, files and ports."""

import asyncio
import importlib.util
import re
import shlex
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from moto.server import ThreadedMotoServer

from bot.__main__ import _parser
from bot.roles import EVERY_ROLE, roles_of
from bot.settings import PREFIX, Settings, read_settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "rounds"}
DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
SET_IN_IMAGE = dict(
    pair.split("=", 1) for line in re.findall(r"^ENV (.*)$", DOCKERFILE, re.MULTILINE) for pair in shlex.split(line)
)
KNOWN = {PREFIX + name.upper() + suffix for name in Settings.model_fields for suffix in ("", "_FILE")}


def instructions(kind: str) -> list[str]:
    return re.findall(rf"^{kind} (.*)$", DOCKERFILE, re.MULTILINE)


def value_of(given: str) -> str:
    """As compose fills it in where the environment says nothing: ${NAME:-default}."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", given)


def test_there_is_a_process_at_telegrams_side_and_two_workers() -> None:
    assert set(OURS) == {"rounds", "worker"}
    assert OURS["worker"]["deploy"]["replicas"] == 2
    assert not OURS["worker"].get("ports"), "two cannot have one port"


@pytest.mark.parametrize("name", OURS)
def test_the_command_of_a_service_is_one_that_rounds_knows(name: str) -> None:
    program, *words = OURS[name]["command"]
    assert program == "rounds"
    assert _parser().parse_args(words).command.__name__ == "run"


def test_every_role_is_played_by_some_service() -> None:
    played = [roles_of(_parser().parse_args(service["command"][1:]).role) for service in OURS.values()]
    assert frozenset().union(*played) == EVERY_ROLE
    assert sum(map(len, played)) == len(EVERY_ROLE), "none by two kinds of service"


@pytest.mark.parametrize("name", OURS)
def test_a_service_sets_only_what_rounds_reads(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    variables = {**SET_IN_IMAGE, **OURS[name]["environment"]}
    assert {variable for variable in variables if variable.startswith(PREFIX)} <= KNOWN
    secrets = {
        "bot_token": "717171:" + "C" * 35,
        "database_url": "postgresql://rounds:x@database/rounds",
        "store_key": "a-key",
        "store_secret": "a-secret",
    }
    monkeypatch.chdir(tmp_path)
    for variable, value in variables.items():
        if variable.endswith("_FILE"):
            secret = value.removeprefix("/run/secrets/")
            assert secret in OURS[name]["secrets"]
            (tmp_path / secret).write_text(secrets[secret] + "\n", encoding="utf-8")
            value = str(tmp_path / secret)
        monkeypatch.setenv(variable, value_of(value))
    settings = read_settings()
    assert settings.token() == secrets["bot_token"]
    assert settings.database == "postgresql+psycopg://rounds:x@database/rounds"
    assert settings.store_access() == {
        "endpoint": "http://storage:9000",
        "access_key_id": "a-key",
        "secret_access_key": "a-secret",
    }
    assert (settings.status_port, settings.log, settings.admin_ids) == (9090, "json", frozenset())


def test_a_database_url_leads_to_the_database_that_is_made() -> None:
    """docs/operating.md writes the URL; user, name and host have to be those of compose.yaml."""
    told = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    made = SERVICES["database"]["environment"]
    assert f"postgresql://{made['POSTGRES_USER']}:%s@database/{made['POSTGRES_DB']}" in told
    for name in COMPOSE["secrets"]:
        assert f"secrets/{name}" in told


def test_what_a_service_leans_on_is_there() -> None:
    for service in SERVICES.values():
        for other, condition in service.get("depends_on", {}).items():
            wanted = condition["condition"]
            assert other in SERVICES
            has_check = "healthcheck" in SERVICES[other] or SERVICES[other]["image"] == "rounds"
            assert has_check if wanted == "service_healthy" else wanted == "service_completed_successfully"
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
        for mount in service.get("volumes", []):
            assert mount.partition(":")[0] in COMPOSE["volumes"]


def test_no_port_is_open_to_the_world() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_images_have_plain_names_and_a_version() -> None:
    for name, service in SERVICES.items():
        assert not re.search(r"[.:]", service["image"].split("/")[0].partition(":")[0])
        assert name in OURS or re.search(r":\d", service["image"])
    assert all(re.fullmatch(r"python:\$\{PYTHON\}-slim( AS build)?", image) for image in instructions("FROM"))


def test_no_secret_gets_into_the_image_or_into_git() -> None:
    let_in = [
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    ]
    for secret in COMPOSE["secrets"].values():
        assert not any(fnmatch(secret["file"], pattern) for pattern in (*let_in, *(f"{p}/*" for p in let_in)))
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert not any(re.search("TOKEN|SECRET|KEY|PASSWORD", name) for name in SET_IN_IMAGE)


def test_what_the_image_is_built_from_is_there_and_let_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    copied = [words.split()[:-1] for words in instructions("COPY") if not words.startswith("--from")]
    names = {name for group in copied for name in group}
    assert names == let_in
    assert all((ROOT / name).exists() for name in names)


def test_the_image_is_nobodys_root_and_looks_after_itself() -> None:
    stages = DOCKERFILE.split("\nFROM ")
    assert "USER rounds" in stages[-1]
    assert stages[-1].index("USER rounds") < stages[-1].index("CMD [")
    (check,) = re.findall(r"^HEALTHCHECK .* CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    words = [word.strip(' "') for word in check.split(",")]
    assert words[:2] == ["python", "-m"]
    assert importlib.util.find_spec(words[2]) is not None
    assert set(instructions("EXPOSE")[0].split()) == {
        SET_IN_IMAGE["ROUNDS_WEB_PORT"],
        SET_IN_IMAGE["ROUNDS_STATUS_PORT"],
    }
    assert instructions("VOLUME") == [SET_IN_IMAGE["ROUNDS_DATA_DIR"]]


@pytest.fixture
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


async def test_the_bucket_is_made_once(s3: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here; the storage's image has one")
    assert SERVICES["bucket"]["entrypoint"] == ["/bin/sh", "-c"]
    (script,) = SERVICES["bucket"]["command"]
    for name in ("KEY", "SECRET"):
        (tmp_path / name).write_text(f"a-{name}\n", encoding="utf-8")

    async def made(address: str) -> tuple[int | None, str]:
        where = {"KEY_FILE": str(tmp_path / "KEY"), "SECRET_FILE": str(tmp_path / "SECRET"), "BUCKET_URL": address}
        process = await asyncio.create_subprocess_exec(
            *("/bin/sh", "-c", script.replace("$$", "$")),
            env={"PATH": "/usr/bin:/bin", **where},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _nothing = await asyncio.wait_for(process.communicate(), 30)
        assert b"a-SECRET" not in said
        return process.returncode, said.decode()

    assert await made(f"{s3}/rounds") == (0, f"{s3}/rounds: 200\n")
    again, _said = await made(f"{s3}/rounds")
    assert again == 0
    assert (await made("http://127.0.0.1:9/rounds"))[0] == 1
