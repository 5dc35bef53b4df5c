package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"standpoint/digest/config"
	digestmail "standpoint/digest/mail"
	"standpoint/digest/preflight"
)

// online is what check --online adds.
type online struct {
	wanted   *bool
	resolver *string // address of a name server; empty: the system's
}

func onlineFlags(flags *flag.FlagSet) online {
	return online{
		wanted:   flags.Bool("online", false, "also ask the feeds, the mail server (log-in only), the DNS and the web side"),
		resolver: flags.String("resolver", "", "with --online: ask the name server at this `ADDRESS`, to see what the world sees"),
	}
}

// server is the name server to ask.
func (o online) server() (*net.Resolver, error) {
	switch {
	case *o.resolver == "":
		return net.DefaultResolver, nil
	case !*o.wanted:
		return nil, usage("--resolver is for --online: standpoint check --online --resolver %s", *o.resolver)
	}
	at, err := netip.ParseAddrPort(*o.resolver)
	if err != nil {
		ip, err := netip.ParseAddr(*o.resolver)
		if err != nil {
			return nil, usage("--resolver %s: give an IP address, with or without port, e.g. 9.9.9.9", *o.resolver)
		}
		at = netip.AddrPortFrom(ip, 53)
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, at.String())
	}}, nil
}

// checkOnline asks all that is elsewhere, at once, and prints it in order. It
// stores nothing and mails nothing. So many errors were found before.
func (s *settings) checkOnline(ctx context.Context, env *environment, o online, before int) (err error) {
	resolver, err := o.server()
	if err != nil {
		return err
	}
	identity, err := s.identity()
	if err != nil {
		return &statusError{statusUsage, err}
	}
	var feeds []feedReport
	var records, site preflight.Report
	var refused *preflight.Finding
	var wait sync.WaitGroup
	wait.Go(func() { feeds = tryAll(ctx, env, s.Config) })
	wait.Go(func() { records = preflight.DNS(ctx, resolver, identity) })
	wait.Go(func() { refused = s.tryServer(ctx) })
	wait.Go(func() { site = s.trySite(ctx, env, resolver) })
	wait.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	out := &sticky{out: plain{env.stdout}}
	defer func() { err = errors.Join(err, out.err) }()
	printAnswers(out, feeds, clock{env.now(), env.now().Location()})
	if refused == nil {
		s.printServer(out)
	}
	for _, f := range append(records.Facts, site.Facts...) {
		fmt.Fprintf(out, "%-4s%-12s %s\n", orElse(onlyIf(f.Open, "?"), "ok"), f.Subject, f)
	}
	found := records.Findings
	if s.Mail.Strict {
		found = preflight.Strict(found)
	}
	if refused != nil {
		found = append(found, *refused)
	}
	found = append(found, site.Findings...)
	return stopped(before + tellFindings(out, found))
}

// printFindings prints what is wrong, and says whether it stops the send.
func printFindings(w io.Writer, found []preflight.Finding) error {
	return stopped(tellFindings(w, found))
}

// tellFindings prints what is wrong, and counts what stops the send.
func tellFindings(w io.Writer, found []preflight.Finding) (stops int) {
	for _, f := range found {
		fmt.Fprintln(w, f)
		if f.Severity == preflight.Error {
			stops++
		}
	}
	return stops
}

func stopped(n int) error {
	if n == 0 {
		return nil
	}
	return usage("%s in the lines above would stop an edition", count(n, "error"))
}

// identity is what the letters claim to come from.
func (s *settings) identity() (preflight.Identity, error) {
	id := preflight.Identity{From: s.From().Address, Bounces: s.Mail.Bounce.Address}
	if s.smtp != nil {
		id.Host = s.Mail.SMTP.Host
	}
	_, domain, _ := strings.Cut(id.From, "@")
	for i, d := range s.Mail.DKIM {
		key, err := d.Key()
		if err != nil {
			return id, fmt.Errorf("mail.dkim[%d]: %s: %w", i, d.KeyFile, err)
		}
		id.Keys = append(id.Keys, preflight.Key{Domain: cmp.Or(d.Domain, domain), Selector: d.Selector, Public: key.Public()})
	}
	return id, nil
}

func printAnswers(w io.Writer, reports []feedReport, times clock) {
	dead := 0
	for _, r := range reports {
		if !r.Usable {
			dead++
		}
	}
	switch {
	case dead == 0:
		fmt.Fprintf(w, "ok  %-12s %s can be read\n", "feeds", count(len(reports), "feed"))
		return
	case dead == len(reports) && dead > 1:
		fmt.Fprintf(w, "warning  feeds  no feed could be read: is this machine connected to the network? The first: %s\n", reports[0].brief(times))
		return
	}
	fmt.Fprintf(w, "?   %-12s %d of %s can be read\n", "feeds", len(reports)-dead, count(len(reports), "feed"))
	for _, r := range reports {
		if !r.Usable {
			fmt.Fprintf(w, "warning  feed  %s: %s\n", r.Name, r.brief(times))
		}
	}
}

// tryServer connects and logs in as a run does, and hangs up (S7).
func (s *settings) tryServer(ctx context.Context) *preflight.Finding {
	if s.smtp == nil {
		return nil
	}
	session, err := s.smtp.Dial(ctx)
	if err == nil {
		err = session.Close()
	}
	if err == nil {
		return nil
	}
	m := s.Mail.SMTP
	fault := preflight.ServerFault{Where: s.serverName(), Step: "dial", Err: err, User: m.Username, Secret: orElse(m.PasswordFile, m.PasswordEnv)}
	if e, ok := errors.AsType[*digestmail.SetupError](err); ok {
		fault.Step, fault.Code, fault.Reply, fault.Err = e.Step, e.Code, e.Reply, e.Err
	}
	f := preflight.Server(fault)
	return &f
}

func (s *settings) serverName() string {
	return net.JoinHostPort(s.Mail.SMTP.Host, strconv.Itoa(s.Mail.SMTP.Port))
}

func (s *settings) printServer(w io.Writer) {
	m := s.Mail.SMTP
	switch {
	case s.smtp == nil:
		fmt.Fprintf(w, "?   %-12s letters go to a folder, so no mail server was asked\n", "smtp")
		return
	case m.TLS == config.TLSNone:
		fmt.Fprintf(w, "ok  %-12s %s answers; it is on this machine, without TLS", "smtp", s.serverName())
	default:
		fmt.Fprintf(w, "ok  %-12s %s answers by %s, and its certificate is good", "smtp", s.serverName(), m.TLS)
	}
	if m.Username != "" {
		fmt.Fprintf(w, "; logged in as %s", m.Username)
	}
	fmt.Fprintln(w, "; nothing was mailed")
}
