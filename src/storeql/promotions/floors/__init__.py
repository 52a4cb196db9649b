"""The margin guard: floors that no stack of promotions goes below."""
