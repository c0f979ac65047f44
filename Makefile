# Thin over npm scripts. Each target sets up what it needs on a fresh Debian or Ubuntu machine with Node and npm.
# Hand arguments on with ARGS: make up ARGS='--port 9000'
.DEFAULT_GOAL := help
.PHONY: help up down status doctor image-archives test check bench generate clean
ARGS ?=

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

node_modules/.package-lock.json: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

up: node_modules/.package-lock.json ## Start virtual desktops on this machine and print the address
	@npm run --silent vdi -- up --detach --install $(ARGS)

down: node_modules/.package-lock.json ## Stop everything that make up started; homes stay
	@npm run --silent vdi -- down $(ARGS)

status: node_modules/.package-lock.json ## Say what is running
	@npm run --silent vdi -- status $(ARGS)

doctor: node_modules/.package-lock.json ## Say what this machine lacks and the command that mends it
	@npm run --silent vdi -- doctor $(ARGS)

image-archives: node_modules/.package-lock.json ## Write all images to dist/images, for clusters and machines without a registry
	@npm run --silent vdi -- images archive --output dist/images $(ARGS)

test: node_modules/.package-lock.json ## Run every check and every test
	@npm run --silent test:all -- $(ARGS)

bench: node_modules/.package-lock.json ## Measure the start of desktops, the stream and what both cost
	@npm run --silent bench -- $(ARGS)

check: node_modules/.package-lock.json ## Format, lint, types, dead code, generated files, import rules
	@npm run --silent check

generate: node_modules/.package-lock.json ## Write CRDs and reference pages anew from the schemas
	@npm run --silent generate

clean: ## Remove what was built and downloaded, never a home
	rm -rf node_modules packages/*/node_modules apps/*/node_modules tests/node_modules .cache packages/*/dist apps/*/dist
