package config

import (
	"strings"
	"testing"
)

const llmKey = "open sesame"

// TestLLM goes through addresses and keys: what is wrong, what is worth a word,
// and what is in order.
func TestLLM(t *testing.T) {
	t.Setenv("STANDPOINT_LLM_KEY", llmKey)
	t.Setenv("STANDPOINT_LLM_TWO", "open\nsesame")
	t.Setenv("lower_sesame", "")
	for name, row := range map[string]struct{ block, problem, warning string }{
		"off":            {"model: tiny", "", ""},
		"on this host":   {"base_url: http://localhost:11434/v1, model: tiny", "", ""},
		"loopback, key":  {"base_url: http://127.0.0.1:8080/v1, model: tiny, key_env: STANDPOINT_LLM_KEY", "", ""},
		"hosted":         {"base_url: https://llm.example/v1/, model: tiny, key_env: STANDPOINT_LLM_KEY", "", ""},
		"own network":    {"base_url: http://192.168.1.5/v1, model: tiny", "", ""},
		"own name":       {"base_url: http://gpu:8000/v1, model: tiny", "", ""},
		"own name, key":  {"base_url: http://gpu.local:8000/v1, model: tiny, key_env: STANDPOINT_LLM_KEY", "", "the key goes in the clear"},
		"internet":       {"base_url: http://llm.example/v1, model: tiny", "in the clear through the internet", ""},
		"public address": {"base_url: http://203.0.113.9/v1, model: tiny", "in the clear through the internet", ""},
		"no model":       {"base_url: http://localhost:11434/v1", "llm.model is missing", ""},
		"no path":        {"base_url: http://localhost:11434, model: tiny", "", "llm.base_url has no path"},
		"the call":       {"base_url: https://llm.example/v1/chat/completions, model: tiny", "names the one call", ""},
		"no address":     {"base_url: localhost, model: tiny", "no address of an endpoint", ""},
		"a query":        {"base_url: https://llm.example/v1?key=sesame, model: tiny", "no address of an endpoint", ""},
		"a password":     {"base_url: https://joe:sesame@llm.example/v1, model: tiny", "a user or password", ""},
		"no variable":    {"base_url: https://llm.example/v1, model: tiny, key_env: STANDPOINT_NO_KEY", "STANDPOINT_NO_KEY is not set", ""},
		"two lines":      {"base_url: https://llm.example/v1, model: tiny, key_env: STANDPOINT_LLM_TWO", "more than one line", ""},
		"the key itself": {"base_url: https://llm.example/v1, model: tiny, key_env: sk-sesame", "is it the key itself?", ""},
		"as a name":      {"base_url: https://llm.example/v1, model: tiny, key_env: lower_sesame", "that llm.key_env names is not set", ""},
		"for":            {"for: some", `llm.for cannot be "some"`, ""},
		"budget":         {"budget: 1", "llm.budget is 1", ""},
		"timeout":        {"timeout: 0s", "llm.timeout is 0s", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, _, err := load(t, good+"llm: {"+row.block+"}\n")
			var problem, warnings string
			if err != nil {
				problem = err.Error()
			}
			for _, w := range c.Warnings() {
				warnings += w.String()
			}
			if (problem == "") != (row.problem == "") || !strings.Contains(problem, row.problem) {
				t.Errorf("got %q, want %q", problem, row.problem)
			}
			if (warnings == "") != (row.warning == "") || !strings.Contains(warnings, row.warning) {
				t.Errorf("warnings %q, want %q", warnings, row.warning)
			}
			hides(t, problem+warnings+prints(t, c))
		})
	}
}

func TestLLMSecret(t *testing.T) {
	t.Setenv("STANDPOINT_LLM_KEY", llmKey+"\n")
	s, err := LLM{KeyEnv: "STANDPOINT_LLM_KEY"}.Secret()
	if err != nil || s.Reveal() != llmKey {
		t.Errorf("%q, %v", s.Reveal(), err)
	}
	if s, err := (LLM{}).Secret(); err != nil || s.Reveal() != "" {
		t.Errorf("without a variable: %q, %v", s.Reveal(), err)
	}
}
