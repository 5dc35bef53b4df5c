// Package config reads config.yaml, the one file an operator writes.
//
// It refuses what it does not know or cannot use, and lists all problems at
// once, each with its line and how to mend it. It promises that an accepted
// Config is complete (every key has its default, relative paths start at the
// file's folder) and that it holds no secret: the SMTP password stays in the
// environment or in its file until SMTP.Secret is called.
//
// It does not know cron, the topic packs or the store; Load takes the reader of
// cron expressions, and Config.Fault gives later findings their line.
package config

import "standpoint/feeds"

// Config is the whole configuration. Its zero value is not usable; start from
// Defaults or Load.
type Config struct {
	// Topic is a built-in topic pack's name, or the path of a folder with a
	// pack. A path has a slash or starts with a dot; after Load it always has a
	// separator. Default: ukraine-security-guarantees.
	Topic string `yaml:"topic"`
	// State is the folder of the database and the outbox. Default: state.
	State string `yaml:"state"`
	// Zone is the IANA name of the time zone in which the schedule is read and
	// dates are shown. Default: Europe/Brussels.
	Zone     string   `yaml:"zone"`
	Schedule Schedule `yaml:"schedule"`
	// Lookback is how old a piece may be at the first contact with its feed.
	// More than zero. Default: 8d.
	Lookback Duration `yaml:"lookback"`
	// KeepTexts is how long the texts of pieces are kept: 60d or more, or 0 for
	// ever. Default: 400d.
	KeepTexts Duration `yaml:"keep_texts"`
	// PublicURL is the https address of the web side, without a slash at its end,
	// or empty.
	PublicURL string   `yaml:"public_url"`
	Sources   []Source `yaml:"sources"`
	Edition   Edition  `yaml:"edition"`
	Fetch     Fetch    `yaml:"fetch"`
	LLM       LLM      `yaml:"llm"`
	Mail      Mail     `yaml:"mail"`
	Web       Web      `yaml:"web"`
	Approval  Approval `yaml:"approval"`
	Operator  Operator `yaml:"operator"`
	// Subscribers are bare addresses, the smallest installation's readers.
	Subscribers []string `yaml:"subscribers"`
	// SubscribersFile is a text file with one address a line, or empty.
	SubscribersFile string `yaml:"subscribers_file"`

	doc      *document
	warnings []Problem
}

// Schedule says when the daemon works, as standard cron expressions of five
// fields in the zone of Config.Zone.
type Schedule struct {
	// Gather is when feeds are read; at most every five minutes. Default:
	// "23 */3 * * *", every three hours at an unround minute.
	Gather string `yaml:"gather"`
	// Publish is when an edition is sent; at most once a day. Default:
	// "7 7 * * 1", Mondays at 07:07.
	Publish string `yaml:"publish"`
	// MaxLateness is how late an edition is still sent that could not be sent at
	// its time: 1h to 4w. Default: 2d.
	MaxLateness Duration `yaml:"max_lateness"`
}

// Source is one feed as the operator writes it.
type Source struct {
	// Name is the outlet as readers see it, and the source's identity: see
	// feeds.NewSourceID. Required.
	Name string `yaml:"name"`
	// Country is an ISO 3166-1 alpha-2 code in either case, or empty.
	Country string `yaml:"country"`
	// URL is the http or https address of the feed. Required.
	URL string `yaml:"url"`
	// Folder is a heading for lists and for OPML, levels apart by " / ".
	Folder string `yaml:"folder"`
	// Text says where the pieces' texts come from: auto, feed or page. Empty
	// stands for auto.
	Text Text `yaml:"text"`
	// Keep are CSS selectors of the piece on its page.
	Keep []string `yaml:"keep"`
	// Drop are CSS selectors of what is no part of the piece.
	Drop []string `yaml:"drop"`
	// LeaveOut are patterns of paths whose items are no pieces: see
	// feeds.Source.LeftOut.
	LeaveOut []string `yaml:"leave_out"`
}

// Fetch says how feeds and pages are read.
type Fetch struct {
	// AllowPrivate lets loopback and private addresses be fetched: for tests
	// and the demo only. Default: false.
	AllowPrivate bool `yaml:"allow_private"`
	// Pages says whether the articles' pages are read. Default: auto.
	Pages Pages `yaml:"pages"`
	// UserAgent is the User-Agent header; empty stands for the built-in one.
	UserAgent string `yaml:"user_agent"`
	// Contact is the https or mailto address in the built-in User-Agent. Empty
	// stands for PublicURL, or without one for the address of Mail.From.
	Contact string `yaml:"contact"`
	// Proxy is the address of an http, https or socks5 proxy; empty: none.
	Proxy string `yaml:"proxy"`
	// Timeout bounds one request with its body: above 0, up to 10m. Default:
	// 15s.
	Timeout Duration `yaml:"timeout"`
	// Parallel is how many requests are made at once, 1 to 256. Default: 32.
	Parallel int `yaml:"parallel"`
	// TellAfter is after how many failures in a row the daemon's log speaks of a
	// source, once: 1 to 1000. Default: 3.
	TellAfter int `yaml:"tell_after"`
}

// Mail says from whom and how the digest is sent.
type Mail struct {
	// From is the sender, an RFC 5322 address with or without a name. Required.
	From string `yaml:"from"`
	// ReplyTo is where answers go; empty stands for From.
	ReplyTo string `yaml:"reply_to"`
	// Unsubscribe is the bare address for leaving; empty stands for From's
	// address with +unsubscribe.
	Unsubscribe string `yaml:"unsubscribe"`
	// UnsubscribeMaildir is the folder into which the mail server delivers what
	// comes to Unsubscribe. Empty: the daemon reads none.
	UnsubscribeMaildir string `yaml:"unsubscribe_maildir"`
	// ListID is the RFC 2919 list identifier without angle brackets; empty
	// stands for one made from From's domain.
	ListID string `yaml:"list_id"`
	// Postal is the sender's postal address for the footer, of one or more
	// lines.
	Postal string `yaml:"postal"`
	// Delivery is where editions go. Default: outbox.
	Delivery Delivery `yaml:"delivery"`
	// Unknown says what becomes of a hand-over whose outcome is unknown.
	// Default: resend.
	Unknown Unknown `yaml:"unknown"`
	// RetryNow is how long a single run tries deferred readers again before it
	// leaves them to the next run: 0 to 1h. Default: 2m.
	RetryNow Duration `yaml:"retry_now"`
	// DKIM are the keys that sign each message, two at most. Empty: none.
	DKIM []DKIM `yaml:"dkim"`
	// FeedbackID is the sender's name in Gmail's reports, 5 to 15 characters; or
	// empty.
	FeedbackID string `yaml:"feedback_id"`
	// GiveUp is how long after an edition was made deferred deliveries are tried
	// again; then they count as refused. 1h to 30d. Default: 3d.
	GiveUp Duration `yaml:"give_up"`
	// Strict makes errors of what is only warned of before an edition is sent.
	// Default: false.
	Strict bool   `yaml:"strict"`
	Bounce Bounce `yaml:"bounce"`
	SMTP   SMTP   `yaml:"smtp"`
}

// SMTP is the mail server to hand editions to (RFC 6409). It matters only when
// Mail.Delivery is smtp, but nonsense is refused in any case.
type SMTP struct {
	// Host is a name or an address without port. Required for delivery by smtp.
	Host string `yaml:"host"`
	// Port is 1 to 65535. Default: 587.
	Port int `yaml:"port"`
	// TLS is how the connection is protected. Default: starttls.
	TLS TLS `yaml:"tls"`
	// Username for AUTH; empty: no AUTH, and no password is needed.
	Username string `yaml:"username"`
	// PasswordEnv names the environment variable that holds the password.
	// Default: STANDPOINT_SMTP_PASSWORD.
	PasswordEnv string `yaml:"password_env"`
	// PasswordFile is a file that holds the password alone; it wins over
	// PasswordEnv. Empty: not used.
	PasswordFile string `yaml:"password_file"`
	// Connections is how many connections are open at once, 1 to 20.
	// Default: 2.
	Connections int `yaml:"connections"`
	// PerConnection is how many letters one connection carries before a new one
	// takes its place, 1 to 10000. Default: 20.
	PerConnection int `yaml:"per_connection"`
	// PerSecond is how many letters go out in a second, all connections together:
	// 0 to 10000, fractions too. Default: 0, any number.
	PerSecond float64 `yaml:"per_second"`
	// PerDomain limits what goes to the readers of one domain.
	PerDomain PerDomain `yaml:"per_domain"`
	// MaxErrors is how many hand-overs in a row may fail before the run stops, 1
	// to 10000. Temporary answers to RCPT do not count. Default: 10.
	MaxErrors int `yaml:"max_errors"`
	// Timeout bounds each step of the conversation: above 0, up to 10m.
	// Default: 60s.
	Timeout Duration `yaml:"timeout"`
}

// PerDomain are limits for the readers of one domain. Who is at a limit waits, and
// readers elsewhere do not.
type PerDomain struct {
	// Connections is how many connections may hand over letters to one domain at
	// once, 0 to 20. Default: 10; 0: any number.
	Connections int `yaml:"connections"`
	// PerSecond is how many letters a second go to one domain: 0 to 10000,
	// fractions too. Default: 0, any number.
	PerSecond float64 `yaml:"per_second"`
}

// Text says where the texts of a source's pieces come from.
type Text string

// See feeds.TextFrom.
const (
	TextAuto = Text(feeds.TextAuto)
	TextFeed = Text(feeds.TextFeed)
	TextPage = Text(feeds.TextPage)
)

// Pages says whether the pages of pieces are read.
type Pages string

// Auto reads a piece's page where the feed carries too little; Never judges
// from what the feed carries.
const (
	PagesAuto  Pages = "auto"
	PagesNever Pages = "never"
)

// Delivery is where an edition's messages go.
type Delivery string

// Outbox is a folder of message files in the state folder; SMTP is a server.
const (
	DeliveryOutbox Delivery = "outbox"
	DeliverySMTP   Delivery = "smtp"
)

// Unknown says what to do when the connection broke after the message was
// handed over and before the server answered.
type Unknown string

// Resend sends again under the same Message-ID; Report leaves it to the
// operator.
const (
	UnknownResend Unknown = "resend"
	UnknownReport Unknown = "report"
)

// TLS is how an SMTP connection is protected.
type TLS string

// STARTTLS is required to succeed (RFC 3207); Implicit is TLS from the first
// byte (RFC 8314); None is refused unless the host is loopback.
const (
	TLSStartTLS TLS = "starttls"
	TLSImplicit TLS = "implicit"
	TLSNone     TLS = "none"
)
