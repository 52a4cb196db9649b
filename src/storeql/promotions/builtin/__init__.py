"""The kinds of promotion that storeql brings itself: each a plugin like any other, one file."""
