"""businesses (单位): who is there: legal persons and sole traders, their sites, who oversees them, who rents from whom.

A business never changes its id. Its trade, its place, its tier are facts of today; rows elsewhere keep those of their
own time. It does not know what it owes: that is duties and selfchecks. Leans on accounts, places, codebook, trail.
"""
