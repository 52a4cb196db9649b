"""From the warehouse's shelf to the buyer: what is picked, packed, shipped and delivered."""
