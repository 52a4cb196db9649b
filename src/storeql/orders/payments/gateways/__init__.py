"""The ways to pay that come with the shop: plugins like any other, one file each."""
