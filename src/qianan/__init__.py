"""Qianan (企安安): the safety management system of a city. Start with ARCHITECTURE.md."""

__version__ = "0.1.0"
