"""Where a worker finds the data of a study, and the contract that names them."""
