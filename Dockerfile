FROM python:3.11-slim AS build
WORKDIR /griot
RUN python -m venv /griot/.venv
COPY requirements.lock ./
RUN /griot/.venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY db db
COPY flows flows
COPY templates templates
RUN /griot/.venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /data griot
COPY --from=build /griot/.venv /griot/.venv
USER griot
WORKDIR /data
VOLUME /data
ENV PATH=/griot/.venv/bin:$PATH PYTHONUNBUFFERED=1 GRIOT_DATABASE_URL=sqlite:////data/griot.db
HEALTHCHECK --interval=5m --timeout=20s CMD ["griot", "doctor"]
ENTRYPOINT ["griot"]
CMD ["bot"]
