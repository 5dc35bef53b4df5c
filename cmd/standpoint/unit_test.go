package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const unit = "../../docs/standpoint.service"

// mostExposed is what systemd-analyze may find wanting in the unit, of 10: what
// remains is that it has a network.
const mostExposed = 1.5

// systemd itself reads the unit, where there is one.
func TestUnit(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	text, err := os.ReadFile(unit)
	check(t, err)
	dir := t.TempDir()
	path := filepath.Join(dir, "standpoint.service")
	program, err := os.Executable()
	check(t, err)
	write(t, dir, "standpoint.service", strings.Replace(string(text), "/usr/local/bin/standpoint", program, 1))
	if out, err := exec.CommandContext(t.Context(), "systemd-analyze", "verify", path).CombinedOutput(); err != nil || strings.Contains(string(out), "standpoint.service:") {
		t.Errorf("verify: %v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), "systemd-analyze", "security", "--offline=true", "--no-pager", path).CombinedOutput()
	found := regexp.MustCompile(`exposure level for standpoint\.service: ([0-9.]+)`).FindSubmatch(out)
	if err != nil || found == nil {
		t.Fatalf("security: %v\n%s", err, out)
	}
	if exposure, err := strconv.ParseFloat(string(found[1]), 64); err != nil || exposure > mostExposed {
		t.Errorf("exposure %s, want at most %v:\n%s", found[1], mostExposed, out)
	}
}

// docs/operating.md names every metric of ours.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/operating.md")
	check(t, err)
	for _, path := range []string{"daemon_ready.go", "../../digest/web/figures.go", "../../digest/web/metrics.go"} {
		source, err := os.ReadFile(path)
		check(t, err)
		found := regexp.MustCompile(`"standpoint_([a-z_]+)"`).FindAllSubmatch(source, -1)
		if len(found) == 0 {
			t.Errorf("%s has no metric", path)
		}
		for _, m := range found {
			if !regexp.MustCompile("`" + string(m[1]) + "[`{]").Match(doc) {
				t.Errorf("docs/operating.md does not name %s", m[1])
			}
		}
	}
}
