"""Tables of simulations: what was asked for, and which customers a running one has met."""

from sqlalchemy import Column, Index, Integer, Table

from storeql.db import instant, metadata, short_text
from storeql.db.columns import primary_key, reference
from storeql.jobs.tables import jobs
from storeql.promotions.tables import promotions

promotion_simulations = Table(
    "promotion_simulations",
    metadata,
    primary_key(),
    reference("promotion_id", str(promotions.c.id)),
    Column("promotion_version", Integer, nullable=False),
    reference("replaces_id", str(promotions.c.id), nullable=True, on_delete="SET NULL"),
    reference("job_id", str(jobs.c.id), nullable=True, on_delete="SET NULL"),
    short_text("currency", 3),
    instant("from_at"),
    instant("to_at"),
    short_text("created_by", 64),
    instant("created_at"),
    Index("ix_promotion_simulations_promotion", "promotion_id", "created_at", "id"),
)

# uses: in how many orders the promotion granted the customer something; gone when it is over.
simulation_customers = Table(
    "simulation_customers",
    metadata,
    reference("simulation_id", "promotion_simulations.id", primary_key=True),
    reference("customer_id", "customers.id", primary_key=True),
    Column("uses", Integer, nullable=False),
)
