"""Pick lists: what somebody takes off which shelves, for one order or a wave of many."""
