// Package pipeline holds the order of steps and nothing else: Gather reads the
// feeds into the store, Publish makes an edition of what is there and delivers
// it. The daemon's schedule and --now call the same two functions.
//
// It promises that a run may be killed between any two steps and started again:
// what was acknowledged is in the store, and no step does its work twice.
package pipeline

import (
	"context"
	"log/slog"
	"time"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/render"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/token"
	"standpoint/digest/topic"
	"standpoint/feeds"
	"standpoint/feeds/article"
)

// Worker does the program's work. All fields but Progress are required for
// Gather, or for Publish, as their groups say. Only one Worker may use a store
// at a time: the caller holds the lock of the state folder.
type Worker struct {
	Store *store.DB
	Pack  *topic.Pack
	// Model returns the classifier. It is called only when there is something
	// to judge, and may be slow at the first call.
	Model func() (*stance.Classifier, error)
	// Train returns the classifier that learned these corrections. It may take
	// seconds. Correct and Undo need it.
	Train    func([]stance.Correction) (*stance.Classifier, error)
	Now      func() time.Time
	Log      *slog.Logger
	Progress func(step string, done, total int) // may be nil; calls do not overlap

	// What comes back.
	Maildirs []string // of bounces, and of readers who leave by mail; read before feeds are, before an edition, and once a minute while it goes out
	Soft     int      // after how many soft bounces in a row a reader is suppressed

	// For Gather.
	Sources   []feeds.Source
	Rules     map[feeds.SourceID]article.Rules // how pages of some sources are to be read
	Feeds     *feeds.Client
	Lookback  time.Duration // how old a piece may be at the first contact with its feed
	Parallel  int           // sources and pages in hand at once
	Pages     bool          // get the pages of pieces whose feed has only a teaser
	TellAfter int           // failures in a row after which the log warns of a source; 0 stands for 1
	Second    SecondOpinion // whom to ask where the model is in doubt; zero: nobody

	// For Publish.
	Renderer *render.Renderer
	Frame    render.Frame
	Sender   mail.Sender
	Strict   bool       // what the pre-flight only warns of stops an edition, too
	Keys     token.Keys // sign readers' links; required where the sender has a web side
	Zone     *time.Location
	Quiet    digest.Quiet // what becomes of a week with few pieces
	// KeepTexts is how long the texts of pieces are kept after they were first
	// seen: more than copiesFollow, or 0 for ever.
	KeepTexts time.Duration
	Approval  Approval // who sees editions first
	Carrier   Carrier
	Resend    bool          // hand-overs whose outcome is unknown are made again
	RetryFor  time.Duration // how long one run tries deferred deliveries again

	Limits    Limits
	MaxErrors int           // hand-overs in a row that fail stop a run; 0: any number may
	GiveUp    time.Duration // after freezing, deferred deliveries are given up; 0 stands for 72 hours
	LastWords time.Duration // how long a letter in hand may take when the run ends; 0 stands for 5 seconds

	left map[string]map[string]bool // by maildir: files that are for people
}

// Carrier takes letters to readers: an SMTP server or an outbox folder.
type Carrier struct {
	// Open begins a session; sessions of one carrier are used at the same time.
	Open func(context.Context) (Session, error)
	// Sessions is how many to use at once.
	Sessions int
	// Shelve stores what all readers of an edition share; nil where nothing is
	// to be stored.
	Shelve func(edition int, files mail.Files) error
	// Confirm stores the mail that asks somebody for confirmation; nil where
	// sessions take it.
	Confirm func(m *mail.Message, request int64) error
}

// Session hands messages over, one at a time.
type Session interface {
	Send(context.Context, *mail.Message) error
	Close() error
}

func (w *Worker) progress(step string, done, total int) {
	if w.Progress != nil {
		w.Progress(step, done, total)
	}
}
