"""What this part of the shop gives to the schema: root fields and problems about people."""

import storeql.schema.people.nodes  # noqa: F401 - registers how objects are read again
from storeql.schema.people.account_mutations import AccountMutation
from storeql.schema.people.address_mutations import AddressMutation
from storeql.schema.people.group_mutations import GroupMutation
from storeql.schema.people.problems import PEOPLE_PROBLEMS
from storeql.schema.people.queries import PeopleQuery
from storeql.schema.people.role_mutations import RoleMutation
from storeql.schema.people.staff_mutations import StaffMutation

PEOPLE_QUERIES: list[type] = [PeopleQuery]
PEOPLE_MUTATIONS: list[type] = [
    AccountMutation,
    AddressMutation,
    GroupMutation,
    StaffMutation,
    RoleMutation,
]

__all__ = ["PEOPLE_MUTATIONS", "PEOPLE_PROBLEMS", "PEOPLE_QUERIES"]
