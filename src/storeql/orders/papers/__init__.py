"""Paper for the warehouse: packing slips, waybills and pick lists, drawn anew from stored rows."""
