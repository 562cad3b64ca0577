# Two commands for a newcomer: `make demo` and `make test`. Both build .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := runs/demo-$(shell date +%Y%m%d-%H%M%S)
CLIP := datasets/demo/held_out/female_ru/queue-periodic-announce.ogg
SONG := $(firstword $(wildcard datasets/demo/held_out/jazz/*))

.PHONY: demo test campaign lint bench wheelhouse clean

demo: $(VENV)/installed
	@echo "A voice and music first, with trained models, on clips that they have not seen."
	@$(BIN)/python convert_cli.py $(CLIP) --model any_to_ru_male --output $(DEMO)/voice.wav --picture
	@$(BIN)/python convert_cli.py $(SONG) --model any_to_strings --output $(DEMO)/music.wav --picture
	@echo "Now one minute of training on the two voices of datasets/demo/."
	@$(BIN)/python train_cli.py travelgan --source datasets/demo/female_ru --target datasets/demo/male_ru \
		--run $(DEMO)/run --minutes 1 --cache runs/cache
	@$(BIN)/python convert_cli.py $(CLIP) --model $(DEMO)/run --output $(DEMO)/minute.wav --picture
	@echo
	@echo "Voice:       $(DEMO)/voice.wav    from $(CLIP)"
	@echo "Music:       $(DEMO)/music.wav    from $(SONG)"
	@echo "One minute:  $(DEMO)/minute.wav   from the same clip as the voice"
	@echo "Pictures:    the same names with .png"
	@echo "TensorBoard: $(BIN)/tensorboard --logdir $(DEMO)/run/logs"
	@echo "A minute shows that training works; a usable voice takes more, and more data. See README.md."

test: lint
	@# A file's tests stay together, for what they share, in the order of tests/conftest.py. More processes than two need
	@# more memory than they save time.
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# Kills, power cuts, full disks and hostile files, many of each: a quarter of an hour. Without root, what mounts a file
# system is left out.
campaign: $(VENV)/installed-dev
	MELGAN_VC_CAMPAIGN=1 $(BIN)/python -m pytest tests/campaign

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: $(VENV)/installed-dev
	$(BIN)/python benchmarks/run.py

# For another machine: make wheelhouse PYTHON_VERSION=3.12 PLATFORM=linux_x86_64 WITHOUT="numpy scipy"
wheelhouse: $(BIN)/python
	@$(BIN)/python wheelhouse.py --python-version "$(PYTHON_VERSION)" --platform "$(PLATFORM)" --without "$(WITHOUT)"

clean:
	rm -rf $(VENV) wheelhouse build dist *.egg-info

$(BIN)/python:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed: make PYTHON=python3.11 ..."'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(BIN)/python setup.cfg constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev,jax,evaluate]'
	@# Their metadata pin an ancient numpy, or demand torch; only their weights are used, which need neither.
	$(BIN)/pip install --quiet --constraint constraints.txt --no-deps musicnn==0.1.0 Resemblyzer==0.1.4
	@touch $@
