"""What the demo shop is made of: wares, brands, people and places, written as JSON tables."""

from storeql.demo.content.goods import Axis, Model, OptionValue, Pair, Trait, Ware
from storeql.demo.content.load import Content, load_content
from storeql.demo.content.people import Foreigner, Group, People, Place
from storeql.demo.content.shop import AttributeSpec, CategorySpec, CollectionSpec, TypeSpec

__all__ = [
    "AttributeSpec",
    "Axis",
    "CategorySpec",
    "CollectionSpec",
    "Content",
    "Foreigner",
    "Group",
    "Model",
    "OptionValue",
    "Pair",
    "People",
    "Place",
    "Trait",
    "TypeSpec",
    "Ware",
    "load_content",
]
