"""trail (轨迹): every act, once. The audit record, the event and the queue are the same row.

An entry is written in the act's own transaction and never again. Its ticket, if somebody listens, is written
beside it and deleted when served. Writers wait for nobody: an entry carries the hash of its own content, and the
clock seals what is new every two seconds into a chain per district; heads are signed with every link.

It is not a log of technical events, and it holds no names and no phone numbers: it is for ever, people are not.
Leans on nothing but the kernel and the tables shelf.
"""
