# Rounds in a container: docker build -t rounds .
ARG PYTHON=3.13
FROM python:${PYTHON}-slim AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY storage storage
COPY templates templates
# The wheel first, then what it needs at the versions that were tested; wheels only, so that no compiler is missed
RUN python3 -m venv /opt/wheel \
    && /opt/wheel/bin/pip wheel --quiet --no-deps --wheel-dir /wheels . \
    && python3 -m venv /opt/rounds \
    && /opt/rounds/bin/pip install --quiet --no-cache-dir --only-binary :all: --constraint constraints.txt \
       "$(echo /wheels/rounds-*.whl)[postgres]" \
    && /opt/rounds/bin/python -m compileall -q /opt/rounds/lib \
    && /opt/rounds/bin/python -m pip uninstall --quiet --yes pip

FROM python:${PYTHON}-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin rounds \
    && install --directory --owner rounds --group rounds /data
COPY --from=build /opt/rounds /opt/rounds
# The operator's port is open to the container's own network alone, unless somebody publishes it
ENV PATH=/opt/rounds/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ROUNDS_DATA_DIR=/data \
    ROUNDS_LOG=json \
    ROUNDS_WEB_HOST=0.0.0.0 \
    ROUNDS_WEB_PORT=8080 \
    ROUNDS_STATUS_HOST=0.0.0.0 \
    ROUNDS_STATUS_PORT=9090
USER rounds
WORKDIR /data
VOLUME /data
EXPOSE 8080 9090
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "bot.web.probe"]
CMD ["rounds", "run"]
