"""The numbers of a report: what a study was, found and cost, before they are drawn or printed."""
