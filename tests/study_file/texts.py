"""The study file that the tests start from."""

SMALLEST = '[data]\nsource = "digits"\n[space]\nlr = { low = 1e-5, high = 0.1, log = true }\n'
