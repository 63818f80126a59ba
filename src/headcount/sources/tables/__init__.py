"""Tables with a report in each row, the columns named by the caller."""
