"""places (地域): city → district → street or town → community, with dates. Codes nest; "within" is a prefix.

A move, a split or a merger is a new code with dates and a `succeeds` link; rows keep the code they were written
under. It is not a map: shapes are a schematic file. Leans on trail.
"""
