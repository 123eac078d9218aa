# Two commands do everything: `make run` and `make test`.
#
#   make build   bin/personae
#   make run     build, generate the example's data, publish its report
#   make test    check, then every test (installs chromium where it is missing: it opens the report)
#   make check   format, vet, staticcheck
#   make bench   speed, as ratios against baselines measured in the same run
#   make schemas the JSON Schemas under schemas/
#   make assets  bundle what pages are drawn with anew, from npm packages pinned in a lock file (needs Node)

SHELL := /bin/bash
GO    ?= go
BIN   := bin/personae
CUSTOMERS ?= 20000

# DuckDB's C++ symbols stay inside the program (5 MB that every start would read), and its
# segments stay off the 2 MB boundaries at which the kernel maps 2 MB for every page asked for:
# together 17 MB less memory for a command that needs no database.
ifeq ($(shell uname -sm),Linux x86_64)
LDFLAGS := -extldflags "-Wl,--exclude-libs,ALL -Wl,-Ttext-segment=0x410000"
endif

export CGO_ENABLED := 1

# Who may install what is missing: root, or sudo.
ROOT := $(shell test "$$(id -u)" = 0 || command -v sudo)

.PHONY: build run test check bench schemas assets clean toolchain browser promtool

build: toolchain
	@mkdir -p bin
	$(GO) build -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/personae

# DuckDB is C++: its static library needs a C++ compiler to link.
toolchain:
	@command -v g++ >/dev/null || { echo "installing g++ (DuckDB needs it)"; \
	  $(ROOT) apt-get update -qq && $(ROOT) apt-get install -y -qq g++ >/dev/null; }

run: build
	$(BIN) generate --customers $(CUSTOMERS) --seed 1
	$(BIN) check
	$(BIN) run
	@echo "now: open reports/index.html, run $(BIN) watch, and change big_spender in rules/parameters.yaml"

check: toolchain
	@test -z "$$(gofmt -l cmd engine)" || { echo "not formatted (gofmt -w):"; gofmt -l cmd engine; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

test: check browser
	PERSONAE_BROWSER=required $(GO) test -timeout 20m ./...

# The report's pages are opened in a browser, in every width and colour scheme.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { echo "installing chromium (the tests open the report in it)"; \
	  $(ROOT) apt-get update -qq && $(ROOT) apt-get install -y -qq --no-install-recommends chromium >/dev/null; }

# Checking rules is compared with promtool, in turns.
promtool:
	@command -v promtool >/dev/null || { echo "installing prometheus (the bench compares with its promtool)"; \
	  $(ROOT) apt-get update -qq && $(ROOT) apt-get install -y -qq --no-install-recommends prometheus >/dev/null; }

bench: build promtool
	PERSONAE_BENCH=1 $(GO) test -count=1 -timeout 60m -run 'TestBench' -v ./engine/... ./cmd/...

schemas: build
	$(BIN) schema --write

# The bundles are committed: building and testing need no Node.
assets:
	cd engine/render/assets && npm ci --no-audit --no-fund && node build.mjs

clean:
	rm -rf bin reports data
