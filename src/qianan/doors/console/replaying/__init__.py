"""A real registry with its history, played through the same actions at its own dates (`./qianan replay FOLDER`).

`mapping` finds the mapping and the files by their columns; `register` reads them into plain values and lists the rows
that contradict themselves; `playing` plays them day by day; `summary` counts what the database then holds.
"""
