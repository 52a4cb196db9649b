"""What a storefront shows beside its products: pages, banners, menus, and their revisions."""
