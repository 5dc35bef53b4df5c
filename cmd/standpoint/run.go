package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"standpoint/digest"
	"standpoint/digest/config"
	digestmail "standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/render"
	"standpoint/digest/schedule"
	"standpoint/digest/stance"
	"standpoint/digest/store"
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

// office is an open store with a worker on it.
type office struct {
	*settings
	worker *pipeline.Worker
	lock   *store.Lock // nil on a copy
	temp   string      // folder of the copy
	// tellSlots hears of slots without an edition of their own: see pipeline.Slots.
	tellSlots func(context.Context, []store.Slot)
	life      *life // of the daemon; nil in a single run
	// attendance looks after a draft that waits; nil where nobody approves.
	attendance *attendance
	// readers answers the requests of readers and the editor; nil: nobody does.
	readers http.Handler
}

// open locks the state folder, opens the store and puts the readers of the
// config on its list.
func (s *settings) open(ctx context.Context, env *environment) (*office, error) {
	holder := fmt.Sprintf("process %d, running since %s", os.Getpid(), env.now().Format("2 January 15:04"))
	lock, err := store.Acquire(s.StateDir(), holder)
	if err != nil {
		return nil, err
	}
	o := &office{settings: s, lock: lock}
	if err := o.start(ctx, env, s.StateDir()); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// openCopy opens a throw-away copy of the store, so that a run on it changes
// nothing.
func (s *settings) openCopy(ctx context.Context, env *environment) (*office, error) {
	temp, err := os.MkdirTemp("", "standpoint-")
	if err != nil {
		return nil, err
	}
	o := &office{settings: s, temp: temp}
	if store.Exists(s.StateDir()) {
		err = store.Copy(ctx, s.StateDir(), temp)
	}
	if err == nil {
		err = o.start(ctx, env, temp)
	}
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

func (o *office) start(ctx context.Context, env *environment, dir string) error {
	db, err := store.Open(ctx, dir)
	if err != nil {
		return err
	}
	o.worker = o.newWorker(ctx, env, db)
	if err := o.setKeys(ctx, env); err != nil {
		return err
	}
	return o.syncSubscribers(ctx, env)
}

func (o *office) newWorker(ctx context.Context, env *environment, db *store.DB) *pipeline.Worker {
	s := o.settings
	maildirs := slices.DeleteFunc([]string{s.Mail.Bounce.Maildir, s.Mail.UnsubscribeMaildir}, func(dir string) bool {
		return dir == "" || o.lock == nil // on a copy nothing is taken in for good, so no mail may be marked as seen
	})
	return &pipeline.Worker{
		Store: db, Maildirs: slices.Compact(maildirs), Soft: s.Mail.Bounce.Soft, Pack: s.pack, Now: env.now, Log: runLogger(env.stderr), Progress: env.stderr.Progress,
		// Trained on demand: most gatherings bring nothing to judge.
		Model:   sync.OnceValues(func() (*stance.Classifier, error) { return o.model(ctx, env, db) }),
		Train: func(c []stance.Correction) (*stance.Classifier, error) {
			defer debug.FreeOSMemory() // half a gigabyte, which a daemon would keep for minutes
			return s.learn(env, c)
		},
		Sources: s.FeedSources(), Rules: s.rules, Feeds: s.client(), Lookback: s.Lookback.Std(),
		Parallel: s.Fetch.Parallel, Pages: s.Fetch.Pages == config.PagesAuto, TellAfter: s.Fetch.TellAfter,
		Second: s.second, KeepTexts: s.KeepTexts.Std(),
		Quiet:    digest.Quiet{Least: s.Edition.Least, Send: digest.QuietSend(s.Edition.Quiet)},
		Approval: s.approval(),
		Renderer: s.renderer, Frame: s.frame, Sender: s.sender, Strict: s.Mail.Strict, Zone: s.Location(), Carrier: s.carrier,
		Resend: s.Mail.Unknown == config.UnknownResend, RetryFor: s.Mail.RetryNow.Std(),
		GiveUp: s.Mail.GiveUp.Std(), MaxErrors: s.Mail.SMTP.MaxErrors, Limits: s.limits(),
	}
}

// Close ends the work and frees the state folder.
func (o *office) Close() error {
	var errs []error
	if o.worker != nil {
		o.worker.Feeds.Close()
		errs = append(errs, o.worker.Store.Close())
	}
	if o.lock != nil {
		errs = append(errs, o.lock.Release())
	}
	if o.temp != "" {
		errs = append(errs, os.RemoveAll(o.temp))
	}
	return errors.Join(errs...)
}

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
