# Two commands for a newcomer: `make demo` and `make test`. Both build .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := runs/demo-$(shell date +%Y%m%d-%H%M%S)
CLIP := datasets/demo/held_out/female_ru/queue-periodic-announce.ogg

.PHONY: demo test lint bench clean

demo: $(VENV)/installed
	@echo "One minute of training on the two voices of datasets/demo/, then a clip that it has not seen."
	@$(BIN)/python train_cli.py travelgan --source datasets/demo/female_ru --target datasets/demo/male_ru \
		--run $(DEMO) --minutes 1 --cache runs/cache
	@$(BIN)/python convert_cli.py $(CLIP) --model $(DEMO) --output $(DEMO)/converted.wav --picture
	@echo
	@echo "Audio:       $(DEMO)/converted.wav   (from $(CLIP))"
	@echo "Picture:     $(DEMO)/converted.png"
	@echo "TensorBoard: $(BIN)/tensorboard --logdir $(DEMO)/logs"
	@echo "A minute shows that everything works; a voice takes about an hour. See README.md."

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: $(VENV)/installed-dev
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) build dist *.egg-info

$(BIN)/python:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed: make PYTHON=python3.11 ..."'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(BIN)/python setup.cfg constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev,jax,evaluate]'
	@# Their metadata pin an ancient numpy; only their weights are used, which no version of it minds.
	$(BIN)/pip install --quiet --constraint constraints.txt --no-deps musicnn==0.1.0 basic-pitch==0.4.0
	@touch $@
