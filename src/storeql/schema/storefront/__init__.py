"""The storefront in the schema: pages, banners and menus."""
