package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"
)

// LLM names the language model that gives a second opinion. It is off while
// BaseURL is empty.
type LLM struct {
	// BaseURL is the address of an endpoint of the form of OpenAI's chat
	// completions, up to and without /chat/completions. Empty: no second opinions.
	BaseURL string `yaml:"base_url"`
	// Model is the model's name there. Required with BaseURL.
	Model string `yaml:"model"`
	// KeyEnv names the environment variable that holds the key. Empty: none is
	// sent.
	KeyEnv string `yaml:"key_env"`
	// For says on which pieces an opinion is asked. Default: unsure.
	For OpinionFor `yaml:"for"`
	// Budget is how many requests one run may make, 2 to 100000: an opinion takes
	// two. Default: 50.
	Budget int `yaml:"budget"`
	// Timeout bounds one request with its answer: above 0, up to 10m. Default:
	// 60s.
	Timeout Duration `yaml:"timeout"`
}

// OpinionFor says which pieces get a second opinion.
type OpinionFor string

// Unsure asks on pieces whose verdict is unsure, All on all relevant ones.
const (
	OpinionUnsure OpinionFor = "unsure"
	OpinionAll    OpinionFor = "all"
)

// On says whether second opinions are asked for.
func (l LLM) On() bool { return l.BaseURL != "" }

// Secret reads the key from the variable that KeyEnv names; it is empty without
// one. No error holds the key.
func (l LLM) Secret() (Secret, error) {
	if l.KeyEnv == "" {
		return Secret{}, nil
	}
	switch key := strings.TrimSpace(os.Getenv(l.KeyEnv)); {
	case key != "" && oneLine(key):
		return NewSecret(key), nil
	case key != "":
		return Secret{}, fmt.Errorf("the environment variable %s has more than one line", shownEnv(l.KeyEnv))
	default:
		return Secret{}, fmt.Errorf("the environment variable %s is not set", shownEnv(l.KeyEnv))
	}
}

// shownEnv is a variable's name for messages; see showsEnv.
func shownEnv(name string) string {
	if showsEnv(name) {
		return name
	}
	return "that llm.key_env names"
}

func (v *validator) llm() {
	l := v.c.LLM
	if l.For != OpinionUnsure && l.For != OpinionAll {
		v.fail("llm.for", choice("llm.for", string(l.For)), "write unsure or all")
	}
	v.number("llm.budget", l.Budget, 2, 100_000)
	v.between("llm.timeout", l.Timeout, maxTimeout)
	if !oneLine(l.Model) {
		v.fail("llm.model", "llm.model must be one line of text", "write the model's name as the endpoint lists it")
	}
	if l.KeyEnv != "" && !isEnvName(l.KeyEnv) {
		v.fail("llm.key_env", "llm.key_env is no name of an environment variable; is it the key itself?",
			"write the name of the variable, e.g. STANDPOINT_LLM_KEY, and put the key there")
	}
	if !l.On() {
		return
	}
	v.endpoint(l)
	if l.Model == "" {
		v.fail("llm.model", "llm.model is missing, but llm.base_url is set", `name the model as the endpoint does, or set base_url to "" for no second opinions`)
	}
	if _, err := l.Secret(); err != nil {
		v.fail("llm.key_env", "no key for llm.base_url: "+err.Error(), `set it for the process, or write "" if the endpoint needs none`)
	}
}

// endpoint checks the address. Without TLS it is the operator's own machine or
// network, and even there a key is in the clear.
func (v *validator) endpoint(l LLM) {
	const path = "llm.base_url"
	u, err := url.Parse(l.BaseURL)
	if err == nil && u.User != nil {
		v.fail(path, "llm.base_url has a user or password in it", "name the variable that holds the key with llm.key_env")
		return
	}
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || !oneLine(l.BaseURL) {
		v.fail(path, "llm.base_url is no address of an endpoint", `write e.g. http://localhost:11434/v1, or "" for no second opinions`)
		return
	}
	switch host := u.Hostname(); {
	case u.Scheme == "https" || loopback(host):
	case !private(host):
		v.fail(path, "llm.base_url would send pieces and key in the clear through the internet", "write https://")
	case l.KeyEnv != "":
		v.warn(path, "the key goes in the clear through your network", "use https://, or leave key_env out if the endpoint needs none")
	}
	if strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/chat/completions") {
		v.fail(path, "llm.base_url names the one call and not the endpoint", "leave /chat/completions out; it is added")
	} else if strings.Trim(u.Path, "/") == "" {
		v.warn(path, "llm.base_url has no path", "most endpoints end in /v1")
	}
}

// private says whether a host is on the operator's own network: a private address
// (RFC 1918, RFC 4193), a name without a dot, or one that no public server has
// (RFC 6762, section 3; RFC 8375).
func private(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, suffix := range []string{".local", ".home.arpa", ".internal", ".lan"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return !strings.Contains(host, ".")
}
