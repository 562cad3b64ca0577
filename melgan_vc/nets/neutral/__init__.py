"""One voice that says what is said, the same whoever says it, so that it can be heard again without the speaker."""
