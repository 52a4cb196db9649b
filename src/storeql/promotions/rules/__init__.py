"""The rules of promotions: how their fields are described, read from staff and shown as a form."""
