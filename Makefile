.DEFAULT_GOAL := help
PYTHON ?= python

.PHONY: help
help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: ## Install the package with everything its tests need
	$(PYTHON) -m pip install -e '.[test]'

.PHONY: test
test: ## Run all tests, the long ones too; not those that need the machine to themselves
	$(PYTHON) -m pytest -m "not quiet"

.PHONY: lint
lint: ## Check style and format
	ruff check .
	ruff format --check .

.PHONY: types
types: ## Check types
	mypy

.PHONY: format
format: ## Format the code
	ruff format .
	ruff check --fix .

.PHONY: bench
bench: ## Time a whole search against Optuna with scikit-learn
	$(PYTHON) benchmarks/end_to_end.py

.PHONY: bench-tables
bench-tables: ## Search the HPOBench tables, Optuna's samplers beside (needs the extra bench)
	$(PYTHON) benchmarks/tables.py

.PHONY: bench-real-tables
bench-real-tables: ## Search real tables, scikit-learn's models beside (needs the extra bench)
	$(PYTHON) benchmarks/real_tables.py
	$(PYTHON) benchmarks/real_tables_accepted.py
	$(PYTHON) benchmarks/real_tables_recipes.py
	$(PYTHON) benchmarks/real_tables_levers.py

.PHONY: bench-textbook
bench-textbook: ## Search the textbook's task, Optuna and random search beside (needs the extra bench)
	$(PYTHON) benchmarks/textbook.py

.PHONY: bench-calibration
bench-calibration: ## Hold the verdict against simulated studies whose truth is known
	$(PYTHON) benchmarks/calibration.py --trainings 300
	$(PYTHON) benchmarks/calibration_metrics.py

.PHONY: bench-proposals
bench-proposals: ## Time a proposal in studies of 100 to 5,000 trials
	$(PYTHON) benchmarks/proposals.py

.PHONY: bench-parity
bench-parity: ## Train beside PyTorch (HPSEARCH_TORCH_PYTHON) and scikit-learn, and measure definitions again
	$(PYTHON) benchmarks/parity.py
	$(PYTHON) benchmarks/parity_values.py

RUNS ?= 20

.PHONY: chaos
chaos: ## Run studies of each kind under random faults, RUNS seeds on each database
	$(PYTHON) -m tests.chaos --runs $(RUNS) --jobs 2

.PHONY: fleet-matrix
fleet-matrix: ## Run one study on every engine and database, with 1 and 8 workers: one fingerprint
	$(PYTHON) -m tests.engine.matrix

SEEDS ?= 20

.PHONY: hosts
hosts: ## Run studies over four network namespaces whose links fail, SEEDS seeds (needs root)
	$(PYTHON) -m tests.hosts --seeds $(SEEDS)

.PHONY: docs
docs: ## Build the documentation into docs/_build/html
	$(PYTHON) -m sphinx -W --keep-going -q -b html docs docs/_build/html

.PHONY: docs-reference
docs-reference: ## Write the pages of docs/reference that follow from the code
	$(PYTHON) docs/reference/make.py

.PHONY: docs-pictures
docs-pictures: ## Take the pictures of docs/pictures: real studies, a terminal, a browser
	$(PYTHON) docs/pictures/make_screen.py
	$(PYTHON) docs/pictures/make_report.py
	$(PYTHON) docs/pictures/make_dashboard.py

.PHONY: scale
scale: ## Measure fleets of 1 to 256 workers on one PostgreSQL, half an hour; write docs/scale.md's table and picture
	PYTHONPATH=. $(PYTHON) benchmarks/fleet.py --json docs/pictures/scale.json
	$(PYTHON) docs/pictures/make_scale.py

.PHONY: gallery
gallery: ## Draw the figures of docs/gallery
	$(PYTHON) docs/gallery/make.py

.PHONY: ci
ci: ## Run the gate as it runs before a change lands
	.ci/run
