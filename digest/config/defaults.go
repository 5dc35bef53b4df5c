package config

import (
	"net/mail"
	"strings"
	"time"

	"standpoint/feeds"
)

// Defaults returns the configuration of an empty file: what every key is when
// it is left out. It lacks the required keys, sources and mail.from.
func Defaults() Config {
	return Config{
		Topic:    "ukraine-security-guarantees",
		State:    "state",
		Zone:     "Europe/Brussels",
		Schedule: Schedule{Gather: "23 */3 * * *", Publish: "7 7 * * 1", MaxLateness: Duration(2 * day)},
		Lookback: Duration(8 * day), KeepTexts: Duration(400 * day),
		Edition:  Edition{Least: 1, Quiet: QuietShort},
		Web:      Web{Proxies: []string{"127.0.0.0/8", "::1"}, SignUp: true},
		Approval: Approval{Mode: ApprovalNone, Window: Duration(4 * time.Hour)},
		Fetch: Fetch{
			Pages:     PagesAuto,
			Timeout:   Duration(15 * time.Second),
			Parallel:  32,
			TellAfter: 3,
		},
		LLM: LLM{For: OpinionUnsure, Budget: 50, Timeout: Duration(time.Minute)},
		Mail: Mail{
			Delivery: DeliveryOutbox,
			Unknown:  UnknownResend,
			RetryNow: Duration(2 * time.Minute),
			GiveUp:   Duration(3 * day),
			Bounce:   Bounce{Soft: 3},
			SMTP: SMTP{
				Port:        587,
				TLS:         TLSStartTLS,
				PasswordEnv: "STANDPOINT_SMTP_PASSWORD",
				Connections: 2, PerConnection: 20, PerDomain: PerDomain{Connections: 10}, MaxErrors: 10,
				Timeout: Duration(time.Minute),
			},
		},
	}
}

// FeedSources returns the sources in the file's order, with their identifiers.
func (c Config) FeedSources() []feeds.Source {
	sources := make([]feeds.Source, 0, len(c.Sources))
	for _, s := range c.Sources {
		sources = append(sources, feeds.Source{
			ID:      feeds.NewSourceID(s.Name),
			Name:    s.Name,
			Country: strings.ToUpper(s.Country),
			URL:     s.URL,
			Folder:  s.Folder, Text: feeds.TextFrom(s.Text),
			Keep: s.Keep, Drop: s.Drop, LeaveOut: s.LeaveOut,
		})
	}
	return sources
}

// Contact returns the address that a site can write to, for the User-Agent:
// https or mailto. It is empty where the configuration is, too.
func (c Config) Contact() string {
	switch {
	case c.Fetch.Contact != "":
		return c.Fetch.Contact
	case c.PublicURL != "":
		return c.PublicURL
	case c.From().Address == "":
		return ""
	}
	return "mailto:" + c.From().Address
}

// Location returns the time zone, or UTC when the zone is unknown, which Load
// does not accept.
func (c Config) Location() *time.Location {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// StateDir returns the folder of the database and the outbox. It need not exist
// yet.
func (c Config) StateDir() string { return c.State }

// From returns the parsed sender; it is zero when mail.from is no address,
// which Load does not accept.
func (c Config) From() mail.Address {
	address, err := mail.ParseAddress(c.Mail.From)
	if err != nil {
		return mail.Address{}
	}
	return *address
}

// HasSubscribers reports whether the configuration names any reader. Without
// one there may still be readers in the store, which config cannot see.
func (c Config) HasSubscribers() bool {
	return len(c.Subscribers) > 0 || c.SubscribersFile != ""
}

// Warnings returns what Load accepted but the operator should know.
func (c Config) Warnings() []Problem { return c.warnings }
