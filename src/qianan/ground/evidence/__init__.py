"""evidence (凭证): photographs and papers, kept by hash, with time and place apart; re-used photos are then visible.

It keeps bytes and facts about them and never decides who may see them: the room that owns the object does.
Leans on trail.
"""
