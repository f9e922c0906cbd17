"""Field: what is found on site. selfchecks | inspections ─▶ hazards."""
