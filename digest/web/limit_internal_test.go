package web

import (
	"net/netip"
	"testing"
	"time"
)

// Whoever asks from many addresses fills a bounded memory; who has been quiet for
// longest is forgotten first.
func TestLimiterIsBounded(t *testing.T) {
	l := newLimiter(time.Minute, 2, 100)
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	client := func(i int) netip.Prefix {
		return network(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	for i := range 10_000 {
		if d := l.wait(client(i), now); d > 0 {
			t.Fatalf("client %d waits %v", i, d)
		}
		if d := l.wait(client(0), now); (d > 0) != (i > 0) {
			t.Fatalf("after %d others the first waits %v", i, d)
		}
	}
	if len(l.of) != 100 || l.order.Len() != 100 {
		t.Errorf("%d clients, %d in order", len(l.of), l.order.Len())
	}
	if d := l.wait(client(0), now.Add(30*time.Second)); d != 30*time.Second {
		t.Errorf("it waits %v", d)
	}
	if d := l.wait(client(0), now.Add(time.Minute)); d != 0 {
		t.Errorf("it waits %v, though what was refused does not count", d)
	}
}
