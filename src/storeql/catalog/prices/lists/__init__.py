"""Price lists: prices for channels and customer groups, with breaks by quantity."""
