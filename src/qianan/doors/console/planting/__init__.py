"""A demo city, planted from a seed: who keeps a shop where, how honestly, and fifteen months of what came of it."""

from qianan.doors.console.planting.cast import DemoPerson, demo_people
from qianan.doors.console.planting.story import Planted, Story

__all__ = ["DemoPerson", "Planted", "Story", "demo_people"]
