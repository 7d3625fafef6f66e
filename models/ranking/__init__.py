"""Who is recommended to whom: eligibility, retrieval, fit, ranker, blend, exposure, explain; pipeline runs them."""
