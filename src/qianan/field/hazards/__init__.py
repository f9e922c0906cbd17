"""hazards (隐患): the hub. A hazard is found by a self-check, an inspection, a tip-off, a permit check, an inquiry.

If hazards knew its finders it would know the whole system; its finders call it. A hazard is a fact; a rectification
is a promise, and there may be several. Facts that run beside the state (double report, supervision, suspension,
extension, transfer) are rows, not more states. Leans on duties, businesses, checklists, evidence, codebook, notices.
"""
