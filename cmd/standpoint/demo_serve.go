package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"standpoint/digest/web"
)

// serve keeps the demo's archive open at a listener of this machine until the
// context ends. Who joins there gets the mail that asks for confirmation into the
// outbox.
func (o *office) serve(ctx context.Context, env *environment, at net.Listener) error {
	address := "http://" + at.Addr().String()
	o.worker.Frame.Web, o.worker.Sender.Web, o.Web.SignUp = address, address, true
	asked := make(chan struct{}, 1)
	site, err := o.site(func(context.Context) {
		select {
		case asked <- struct{}{}:
		default: // somebody will look already
		}
	})
	if err != nil {
		return errors.Join(err, at.Close())
	}
	server := web.ServePublic(at, site.Handler(), o.worker.Log)
	fmt.Fprintf(env.stdout, "The archive, until you interrupt this: %s/\n", address)
	for {
		select {
		case <-asked:
			if _, err := o.worker.Confirm(ctx); err != nil {
				return errors.Join(err, server.Close())
			}
			fmt.Fprintf(env.stdout, "A mail that asks for confirmation lies in %s\n", o.outbox())
		case <-ctx.Done():
			return server.Close()
		}
	}
}
