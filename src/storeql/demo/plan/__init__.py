"""The demo shop thought out before anything is written: pure functions of a seed and a number.

Every product and customer is drawn from a random source of its own, so that number 17 is the
same whether the shop has 20 products or 20,000.
"""
