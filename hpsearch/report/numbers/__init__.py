"""The numbers of a report: what a study was, found and cost, before anybody draws or prints it."""
