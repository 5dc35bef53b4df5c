# What .ci/run and people call. Everything here works offline once the Go
# modules are there; what needs Debian's packages says so.

.PHONY: build test long lint golden model eval bench bench-archive demo crash year e2e fuzz check mailcheck mailcheck-test browser browser-test abuse screenshot clean

build:
	go build -trimpath -o standpoint ./cmd/standpoint

test:
	go test ./...

# What the README's command runs in a short form, for its minute, in full.
long:
	LONG=1 go test ./digest/pipeline ./digest/render ./digest/stance ./digest/store ./feeds ./feeds/article ./cmd/standpoint -count=1 -timeout 10m \
	  -run 'TestYear|TestPlans|TestBombs|TestLetters|TestKilledImport|TestManyWishes|TestStoppedWhileADraftWaits|TestNobodyIsFlooded|TestALongList|TestWalk|TestGrowth|TestKept|TestDamagedNumbers|TestLearnedPieces|TestDaemonOutlivesKeys'

lint:
	go vet ./...
	test -z "$$(go tool gofumpt -l .)" || { go tool gofumpt -d .; exit 1; }
	go tool staticcheck ./...

# Rewrites the golden files; look at the difference before you commit it.
golden:
	go test ./digest/render ./digest/mail ./digest/config -update

# Trains the built-in packs and stores their models, after a change to a pack or
# to the training.
model:
	go test ./digest/stance -run TestStoredModels -count=1 -update

# Cross-validation and the held-back part, printed; the short form is in test.
eval:
	EVAL=1 go test ./digest/stance -run 'TestCrossValidation|TestHeldOut|TestByLength|TestShown|TestFullLength|TestOtherNames|TestFurniture|TestReplies|TestDenialTurns|TestEveryQuote|TestQuotesAre|TestNoRoundUps|TestUnsureNamesTwo|TestContraryIsNoEvidence|TestStoredModels|TestCorrectionsAreLearned|TestFingerprintCovers' -count=1 -v -timeout 20m
	EVAL=1 go test ./cmd/standpoint -run 'Scripts/(reclassify|correct_copies|eval)$$' -count=1 -timeout 20m

# Throughput and memory; ratios within one run are what to quote.
bench:
	go test ./... -run '^$$' -bench . -benchtime 1x -timeout 20m

# Ten years of editions behind the daemon, asked by wrk (a package of Debian's).
bench-archive:
	.ci/bench-archive.sh

demo:
	go run ./cmd/standpoint demo

# Kills a sending run so often, fifty readers a kill; the short form is in test.
CRASH_KILLS ?= 200
crash:
	CRASH_KILLS=$(CRASH_KILLS) go test ./cmd/standpoint -run TestCrash -count=1 -v -timeout 60m

# Letters through a real Postfix with STARTTLS and a log-in, and what comes back;
# installs it, as root, on a Debian.
e2e:
	.ci/e2e/run

# Twelve simulated years in three time zones; one of them is in test.
year:
	YEAR=1 go test ./digest/pipeline ./digest/schedule -run 'TestYear|TestStopped|TestLeavingWhile|TestEachWallTimeOnce' -count=1 -v -timeout 60m

# Each target for FUZZTIME; needs no network.
FUZZTIME ?= 60s
fuzz:
	@for p in $$(go list ./...); do \
	  for f in $$(go test $$p -list '^Fuzz' | grep '^Fuzz'); do \
	    echo "$$p $$f"; go test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) || exit 1; \
	  done; \
	done

check: lint
	go test -race -short -timeout 20m ./...

# Judges the real letters by SpamAssassin, caniemail, html-validate, dkimpy,
# Chromium and axe-core; installs them, as root, on a Debian.
mailcheck:
	.ci/mailcheck/run

# Breaks the demo's letter for each of these judges: each must say no.
mailcheck-test:
	.ci/mailcheck/run --self-test

# Readers' and editors' whole way in a real Chromium, with the daemon and a mail
# server: joining, the archive, approval, leaving; needs what mailcheck needs.
browser:
	.ci/browser/run

# Breaks a page in each way that the browser's judge must find.
browser-test:
	.ci/browser/run --self-test

# A longer run against the web side's limits; the short form is in test.
abuse:
	ABUSE=1 go test ./digest/web -run TestAbuse -count=1 -v -timeout 10m

# The pictures in docs/: of the demo's letter and web page, and of the web side;
# needs what mailcheck needs.
screenshot:
	.ci/mailcheck/run --docs
	.ci/browser/run --docs

clean:
	rm -rf standpoint state
