"""The data of a study as a worker finds them, and the contract that names them."""
