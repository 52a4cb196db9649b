"""Stock: what is on hand and promised, and the ledger of every movement."""
