# Thin: each target calls a script in .make/ or a command of the product. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak clean
export PYTHON PORT CROSSTRACK_DATA

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1 \t/p' Makefile | expand -t 16

demo: ## set up whatever is missing, then run everything and print the address (PORT=8000)
	@.make/setup run && exec .venv/bin/python manage.py demo

test: ## set up, then every check and test (under 20 minutes)
	@.make/setup test && .make/test

check: ## the quick part: style, types, layers, API description, unit tests (under 2 minutes)
	@.make/setup test && .make/check

bench: ## measure speed and memory; writes docs/benchmarks/
	@.make/setup test && .make/bench

soak: ## the kill tests twenty times over, the long volume runs, new examples for every law
	@.make/setup test && CROSSTRACK_REPEAT=20 .venv/bin/python -m pytest tests/integration/faults
	@.venv/bin/python -m pytest tests -m soak
	@CROSSTRACK_API_EXAMPLES=200 .venv/bin/python -m pytest tests/integration/test_api_schema.py
	@.venv/bin/python -m pytest tests/unit --hypothesis-profile searching

clean: ## remove what set-up made; asks before it touches the data folder
	@.make/clean
