"""Orders: placed once, frozen with the price that was confirmed, moved by one state machine."""
