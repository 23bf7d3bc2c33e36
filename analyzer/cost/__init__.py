"""What an inventory costs a month: price book, usage, estimators, and the owner's own figures."""
