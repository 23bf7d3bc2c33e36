"""Which fixes and savings to take: the policy at the lowest price, or the most within a budget."""
