package main

import (
	"context"
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"standpoint/digest/config"
	digestmail "standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/render"
	"standpoint/digest/schedule"
	"standpoint/digest/topic"
	"standpoint/feeds"
	"standpoint/feeds/article"
)

// settings are the configuration with what can be made of it without touching
// the store or the network.
type settings struct {
	config.Config
	pack     *topic.Pack
	renderer *render.Renderer
	sender   digestmail.Sender
	frame    render.Frame
	carrier  pipeline.Carrier
	smtp     *digestmail.SMTP // nil for an outbox
	rules    map[feeds.SourceID]article.Rules
	second   pipeline.SecondOpinion
}

// load reads the configuration and makes the settings. All it can find wrong is
// a usage error.
func load(env *environment, path string) (*settings, error) {
	cfg, err := config.Load(path, cron)
	if err != nil {
		return nil, err
	}
	for _, w := range cfg.Warnings() {
		fmt.Fprintf(env.stderr, "standpoint: warning: %v\n", w)
	}
	return prepare(cfg)
}

// cron lets the config check its schedules.
func cron(expr string, zone *time.Location) (func(time.Time) time.Time, error) {
	s, err := schedule.Parse(expr, zone)
	return s.Next, err
}

func prepare(cfg config.Config) (*settings, error) {
	s := &settings{Config: cfg}
	var err error
	if s.pack, err = openPack(cfg.Topic); err != nil {
		return nil, cfg.Fault("topic", err.Error(), "name a built-in pack: "+strings.Join(topic.BuiltinKeys(), ", ")+", or a folder with one")
	}
	if s.renderer, err = render.New(s.pack, s.templates()); err != nil {
		return nil, s.templateFault(err)
	}
	if s.rules, err = rules(cfg); err != nil {
		return nil, err
	}
	if err := s.setSecond(); err != nil {
		return nil, &statusError{statusUsage, err}
	}
	if err := s.setSender(); err != nil {
		return nil, err
	}
	if err := s.setCarrier(); err != nil {
		return nil, &statusError{statusUsage, err}
	}
	return s, nil
}

// openPack opens a built-in pack, or reads the whole of a folder's: a run must
// not find out after its feeds that there is nothing to judge by.
func openPack(name string) (*topic.Pack, error) {
	if !strings.ContainsRune(name, filepath.Separator) {
		return topic.Builtin(name)
	}
	pack, err := topic.Load(os.DirFS(name))
	if err == nil {
		err = teaches(pack)
	}
	if err == nil {
		_, err = pack.Regression()
	}
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", name, err)
	}
	return pack, nil
}

// teaches says whether something can be learned from the pack's examples.
func teaches(pack *topic.Pack) error {
	examples, err := pack.Examples()
	if err != nil {
		return err
	}
	relevant := 0
	for _, x := range examples {
		if x.Relevant {
			relevant++
		}
	}
	if relevant == 0 || relevant == len(examples) {
		return fmt.Errorf("examples.jsonl: %d relevant pieces and %d others; a pack needs some of each to learn from", relevant, len(examples)-relevant)
	}
	return nil
}

// rules compiles what the config says about the pages of single sources.
func rules(cfg config.Config) (map[feeds.SourceID]article.Rules, error) {
	out := map[feeds.SourceID]article.Rules{}
	for i, s := range cfg.FeedSources() {
		r, err := article.NewRules(s.Keep, s.Drop)
		if err != nil {
			return nil, cfg.Fault(fmt.Sprintf("sources[%d]", i), err.Error(), "write a CSS selector, e.g. div.field--body")
		}
		out[s.ID] = r
	}
	return out, nil
}

// client makes what fetches feeds and pages.
func (s *settings) client() *feeds.Client {
	proxy, _ := url.Parse(s.Fetch.Proxy) // the config has checked it
	if s.Fetch.Proxy == "" {
		proxy = nil
	}
	return feeds.NewClient(feeds.Options{
		UserAgent:    orElse(s.Fetch.UserAgent, feeds.UserAgent(feeds.Product+"/"+version(), s.Contact())),
		AllowPrivate: s.Fetch.AllowPrivate, Timeout: s.Fetch.Timeout.Std(), Parallel: s.Fetch.Parallel, Proxy: proxy,
	})
}

func (s *settings) setCarrier() error {
	if s.Mail.Delivery == config.DeliveryOutbox {
		outbox := digestmail.Outbox{Dir: s.outbox()}
		s.carrier = pipeline.Carrier{
			Sessions: 1, Shelve: outbox.Write, Confirm: outbox.Confirmation,
			Open: func(ctx context.Context) (pipeline.Session, error) { return outbox.Dial(ctx) },
		}
		return nil
	}
	password, err := s.Mail.SMTP.Secret()
	if err != nil {
		return err
	}
	m := s.Mail.SMTP
	s.smtp, err = digestmail.NewSMTP(digestmail.Options{
		Host: m.Host, Port: m.Port, TLS: string(m.TLS),
		Username: m.Username, Password: password.Reveal(), Timeout: m.Timeout.Std(), PerConnection: m.PerConnection,
	})
	s.carrier = pipeline.Carrier{
		Sessions: m.Connections,
		Open:     func(ctx context.Context) (pipeline.Session, error) { return s.smtp.Dial(ctx) },
	}
	return err
}

// limits are the mail server's; a folder needs none.
func (s *settings) limits() pipeline.Limits {
	if s.smtp == nil {
		return pipeline.Limits{}
	}
	m := s.Mail.SMTP
	return pipeline.Limits{PerSecond: m.PerSecond, DomainAtOnce: m.PerDomain.Connections, DomainPerSecond: m.PerDomain.PerSecond}
}

func (s *settings) outbox() string { return filepath.Join(s.StateDir(), "outbox") }

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// bareAddress takes the name off an address that the config has checked.
func bareAddress(s string) string {
	if a, err := mail.ParseAddress(s); err == nil {
		return a.Address
	}
	return s
}
