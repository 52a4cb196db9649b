"""What writes of the catalogue give to the schema: root fields and problems."""

from storeql.schema.catalog.category_mutations import CategoryMutation
from storeql.schema.catalog.channel_mutations import ChannelMutation
from storeql.schema.catalog.collection_mutations import CollectionMutation
from storeql.schema.catalog.exports import ExportMutation, ExportQuery
from storeql.schema.catalog.image_mutations import ImageMutation
from storeql.schema.catalog.imports import ImportMutation, ImportQuery
from storeql.schema.catalog.problems import CATALOG_PROBLEMS
from storeql.schema.catalog.product_mutations import ProductMutation
from storeql.schema.catalog.product_type_mutations import ProductTypeMutation
from storeql.schema.catalog.stock import StockMutation, StockQuery
from storeql.schema.catalog.tag_mutations import TagMutation
from storeql.schema.catalog.variant_mutations import VariantMutation

CATALOG_WRITE_QUERIES: list[type] = [StockQuery, ImportQuery, ExportQuery]
CATALOG_MUTATIONS: list[type] = [
    ProductMutation,
    VariantMutation,
    ProductTypeMutation,
    CategoryMutation,
    CollectionMutation,
    TagMutation,
    ChannelMutation,
    StockMutation,
    ImportMutation,
    ImageMutation,
    ExportMutation,
]

__all__ = ["CATALOG_MUTATIONS", "CATALOG_PROBLEMS", "CATALOG_WRITE_QUERIES"]
