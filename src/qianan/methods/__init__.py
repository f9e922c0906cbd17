"""Arithmetic with an edition: plain functions, worked examples as tests, no tables.

What a city may set (days, bands, holidays) comes in as a value; what a standard fixes stands here with its edition.
"""
