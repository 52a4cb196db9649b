"""What every kind of promotion must hold; each property takes one case and raises Unfit.

`answers` asks the kind directly, `prices` goes through the engine, `growth` counts its work.
"""
