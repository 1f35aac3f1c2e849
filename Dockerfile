# hpsearch in a container; docker-compose.yml and docs/kubernetes use it. By hand:
#
#   docker build --tag hpsearch .
#   docker run --rm --read-only --tmpfs /tmp --volume hpsearch:/work hpsearch start /studies/digits.toml --workers 2
#
# Studies are read from /studies. All that is written lies in /work and /tmp, so the rest may be read-only.

FROM python:3.13-slim AS build
ARG EXTRAS=postgres
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY alembic alembic
COPY studies studies
COPY hpsearch hpsearch
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /dist .
# pip compiles the modules here, once: nothing can be written beside them later.
RUN python -m venv --without-pip /opt/hpsearch \
    && pip --python /opt/hpsearch/bin/python install --no-cache-dir "$(echo /dist/*.whl)[$EXTRAS]"

FROM python:3.13-slim
LABEL org.opencontainers.image.title="hpsearch" \
      org.opencontainers.image.description="Hyperparameter search for small and medium networks" \
      org.opencontainers.image.licenses="MIT"
# The number is fixed: volumes keep their owner, and Kubernetes sees that it is not root's.
RUN groupadd --gid 10001 hpsearch \
    && useradd --uid 10001 --gid 10001 --home-dir /work --create-home --shell /usr/sbin/nologin hpsearch
COPY --from=build /opt/hpsearch /opt/hpsearch
COPY studies /studies
ENV PATH=/opt/hpsearch/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/work \
    OPENBLAS_NUM_THREADS=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /work
# Healthy is what has run within two seconds: a worker trains or looks for work, a launcher watches its workers.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD before=$(cat /proc/1/schedstat); sleep 2; [ "$before" != "$(cat /proc/1/schedstat)" ]
ENTRYPOINT ["hpsearch"]
CMD ["--help"]
