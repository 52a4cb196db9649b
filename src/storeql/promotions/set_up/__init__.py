"""Setting promotions up: drafts, changes, versions, copies and their life."""
