# Two commands matter: `make run` and `make test`. README.md lists the others.

PORT ?= 50551
DATA ?= data
PYTHON ?= python3.11 python3
ADDRESS := 127.0.0.1:$(PORT)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check install
LOCKED := $(PIP) --no-deps --require-hashes --requirement deploy/locks
YIQI := $(BIN)/yiqi
RECOMMEND := $(YIQI) recommend
ASK := --data $(DATA) --community makers --limit 3

.PHONY: run test install check proto client bench lock audit sbom clean

run: $(VENV)/.installed $(DATA)/.sample
	@$(BIN)/python -c "import socket; socket.create_server(('127.0.0.1', $(PORT)))" 2> /dev/null || { \
		echo "Port $(PORT) is taken, perhaps by an earlier make run. For another port: make run PORT=50552" >&2; exit 1; }
	@echo; echo "-- Who shares Tang Wen's aims and interests?"
	$(RECOMMEND) peers $(ASK) --member tang-wen
	@echo "-- Marta Kowalczyk writes English and wants to publish Chinese authors. Who completes her, and she them?"
	$(RECOMMEND) collaborators $(ASK) --member marta-kowalczyk
	@echo "-- What could Yuki Tan, who draws, join? With the reasons in Chinese."
	$(RECOMMEND) projects $(ASK) --member yuki-tan --language zh
	@echo "-- Asked in Chinese: who can help me write a funding application? Ruth Adler, who can, writes only English."
	$(YIQI) search $(ASK) "谁能帮我写资助申请书？"
	@echo "-- Serving until ctrl-C, once it says so below. From another terminal:"
	@echo "   $(YIQI) recommend peers --server $(ADDRESS) --community makers --member tang-wen"
	@echo "   grpcurl -plaintext -d '{\"parent\": \"communities/makers\", \"query\": \"who can teach me to solder\"}'" \
		"$(ADDRESS) yiqi.v1.RecommendationService/SearchMembers"
	@echo "   Python and other languages: README.md, \"Calling it\""
	@$(YIQI) serve --data $(DATA) --listen $(ADDRESS)

test: check
	$(BIN)/pytest --numprocesses 2 --dist loadfile

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

install: $(VENV)/.installed

proto: $(VENV)/.installed-dev
	$(BIN)/python -m grpc_tools.protoc -I proto --python_out=proto --pyi_out=proto --grpc_python_out=proto \
		proto/yiqi/v1/*.proto

client: $(VENV)/.installed-dev
	cd proto && ../$(BIN)/hatchling build --target wheel --directory ../dist

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench --json bench.json --picture docs/cost.svg

lock: $(VENV)/.installed-supply
	$(BIN)/python deploy/lock.py $(UPDATE)
	$(LOCKED)/run.txt $(foreach name,build dev supply,--requirement deploy/locks/$(name).txt)
	$(BIN)/python deploy/licences.py

audit: $(VENV)/.installed-supply
	$(BIN)/python deploy/audit.py

sbom: $(VENV)/.installed-supply
	@mkdir -p dist
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file dist/sbom.json $(VENV)

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache

$(DATA)/.sample: | $(VENV)/.installed
	@mkdir -p $(DATA)
	$(YIQI) sample $(DATA)/makers.tar.gz
	$(YIQI) import $(DATA)/makers.tar.gz --data $(DATA) --community makers
	@touch $@

# torch comes alone and without hashes: whichever build of it is there already (see README.md, "Start") is kept.
$(VENV)/.installed: pyproject.toml deploy/locks/run.txt deploy/locks/build.txt deploy/constraints.txt | $(VENV)/pyvenv.cfg
	@echo "Installing into $(VENV); the first time this takes a few minutes."
	$(LOCKED)/run.txt --requirement deploy/locks/build.txt
	$(PIP) --constraint deploy/constraints.txt torch
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed deploy/locks/dev.txt
	$(LOCKED)/dev.txt
	@touch $@

$(VENV)/.installed-supply: $(VENV)/.installed-dev deploy/locks/supply.txt
	$(LOCKED)/supply.txt
	@touch $@

$(VENV)/pyvenv.cfg:
	@for python in $(PYTHON); do \
		$$python -c "import sys; sys.exit(sys.version_info < (3, 11))" 2> /dev/null && found=$$python && break; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Yiqi needs Python 3.11 or newer, and none of these is: $(PYTHON)." >&2; \
		echo "Install one, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	$$found -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
