"""Ground: what any city system needs. notices ─▶ accounts ─▶ places | codebook | evidence ─▶ trail."""
