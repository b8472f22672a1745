"""Run by Alembic when a database made by an earlier version is brought up to date."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection, create_engine, pool
from sqlalchemy.engine import URL

from db.schema import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def _run_on_server(url: URL) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_run)


def _upgrade(url: URL) -> None:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url.set(drivername="sqlite"), poolclass=pool.NullPool)
        with engine.begin() as connection:
            _run(connection)
        engine.dispose()
    else:
        asyncio.run(_run_on_server(url))


_upgrade(context.config.attributes["url"])
