"""notices (通知): letters owed to people, and the channels that carry them; each attempt is a row.

A notice is words by code and params, put into the reader's language when it is read or sent. Several for one person
go as one digest; quiet hours are kept. It does not decide who is told: the room with the news does.
Leans on accounts and trail.
"""
