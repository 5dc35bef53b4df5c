package preflight

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
)

// ServerFault is why the mail server could not be used. The dial is made by the
// code that sends: what is tried is what will be done.
type ServerFault struct {
	Where string // host:port
	Step  string // "dial", "TLS", "greeting", "EHLO", "STARTTLS" or "AUTH"
	Code  int    // SMTP reply code; 0: the server said nothing
	Reply string // the server's own words
	Err   error  // what failed on our side; nil when the server answered

	User, Secret string // the config's user, and where its password comes from
}

// Server makes the finding of S7: there is no protected, verified way to the server, or
// it does not take us. It stops the send, which would come no farther.
func Server(f ServerFault) Finding {
	what := fmt.Sprintf("the mail server %s fails at %s", f.Where, f.Step)
	switch {
	case f.Code != 0:
		what += fmt.Sprintf(": it answers %d %s", f.Code, f.Reply)
	case f.Err != nil:
		what += ": " + f.Err.Error()
	}
	return Finding{Rule: 7, Severity: Error, What: what, Mend: serverMend(f)}
}

func serverMend(f ServerFault) string {
	switch {
	case f.Code/100 == 4:
		return "it says later: try again, and ask whoever runs it if that goes on"
	case f.Step == "AUTH" && f.Code != 0:
		return "see that mail.smtp.username (" + f.User + ") and the password in " + f.Secret + " are right, and that the provider lets programs log in"
	case f.Step == "AUTH":
		return "ask whoever runs it how to log in; without AUTH, leave mail.smtp.username empty"
	case f.Step == "STARTTLS" && f.Code != 0:
		return "ask whoever runs it to set TLS up"
	}
	return networkMend(f.Err)
}

// networkMend is for what the server did not say.
func networkMend(err error) string {
	if mend, ok := certificateMend(err); ok {
		return mend
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "it does not speak TLS from the first byte: on port 587 set mail.smtp.tls to starttls, for implicit the port is 465"
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "remote error" { // so package tls marks an alert
		return "it and we know no common TLS: it needs TLS 1.2 or 1.3"
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		if e.IsNotFound {
			return "there is no such host: see mail.smtp.host"
		}
		return "see that this machine reaches its name server"
	}
	return "see mail.smtp.host, port and tls, and that the network lets this machine out: many providers block port 25, use 587 or 465"
}

// certificateMend is for a certificate that does not verify (RFC 9525).
func certificateMend(err error) (string, bool) {
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		mend := "write in mail.smtp.host the name that the certificate is for"
		if e.Certificate != nil && len(e.Certificate.DNSNames) > 0 {
			mend += ": " + e.Certificate.DNSNames[0]
		}
		return mend, true
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if e.Reason == x509.Expired {
			return "its certificate has expired, or this machine's clock is wrong: renew it", true
		}
		return "ask whoever runs it for a sound certificate", true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "its certificate is by nobody that this machine trusts: ask for one by a public authority, or add its own to the system's", true
	}
	return "", false
}
