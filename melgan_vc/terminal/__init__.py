"""What a person is shown: text that a terminal, a table or a page shows as it is and never acts on."""
