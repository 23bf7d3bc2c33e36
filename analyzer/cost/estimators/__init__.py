"""The estimators, one file per service; `analyzer.cost.registry` loads them."""
