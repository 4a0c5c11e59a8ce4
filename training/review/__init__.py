"""The review app: moderators read, decide and correct; every step is in the store at once."""
