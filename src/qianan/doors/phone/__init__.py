"""phone: the door of the people in businesses, at the size of a phone. Server-rendered; works without script.

Staff see today's checks and the hazards of their business; principals and safety managers their board beside it.
"""
