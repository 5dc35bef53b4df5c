package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"standpoint/digest/store"
)

// TestCrash kills the program with -9 again and again, while it mails to a server
// that refuses, defers, stalls and hangs up, and starts it again at once. Half of
// the kills come at any moment of a run, half while the server is stopped at a
// stage of a hand-over. By the server's own count nobody is lost, and twice
// comes only what was reported as unknown, under the same Message-ID.
//
// It is short; CRASH_KILLS=200 makes it long, with fifty readers a kill.
func TestCrash(t *testing.T) {
	t.Parallel()
	kills := 3
	if n, err := strconv.Atoi(os.Getenv("CRASH_KILLS")); err == nil {
		kills = n
	}
	c := newCrash(t, min(50*kills, 10_000), max(3, (kills+3)/4))
	for kills > 0 {
		c.begin()
		for n := 0; n < c.perEdition && kills > 0; {
			killed, done := c.disturb()
			if killed {
				n, kills = n+1, kills-1
			}
			if done {
				break
			}
		}
		c.finish()
		c.account()
	}
}

const connections = 2 // hand-overs at a time

// crash is a workplace with an account of what became of each letter.
type crash struct {
	*testing.T
	dir        string
	server     *faulty
	readers    int
	perEdition int            // kills
	edition    int            // the one on its way
	later      time.Duration  // how far the program's clock is ahead
	kills      int            // in this edition
	reported   map[string]int // hand-overs whose outcome was said to be unknown, by reader
}

func newCrash(t *testing.T, readers, perEdition int) *crash {
	dir, config := workplace(t)
	c := &crash{T: t, dir: dir, server: newFaulty(t), readers: readers, perEdition: perEdition}
	config = strings.Replace(config, "mail:\n", fmt.Sprintf(
		"mail:\n  delivery: smtp\n  retry_now: 1s\n  smtp: {host: 127.0.0.1, port: %d, tls: none, connections: %d, timeout: 2s}\n", c.server.port, connections), 1)
	config = strings.Replace(config, "subscribers: [ada@example.org, ben@example.org]", "subscribers_file: readers.txt", 1)
	write(t, dir, "config.yaml", config)
	var list strings.Builder
	for i := range readers {
		fmt.Fprintln(&list, reader(i+1))
	}
	write(t, dir, "readers.txt", list.String())
	return c
}

func reader(n int) string { return fmt.Sprintf("reader%d@example.org", n) }

// begin puts a new piece into a feed, for a new edition.
func (c *crash) begin() {
	c.edition++
	c.kills, c.reported = 0, map[string]int{}
	c.server.begin()
	newPiece(c.T, c.dir, c.edition)
}

// start runs the program, with its clock ahead.
func (c *crash) start() (*exec.Cmd, *lines, <-chan int) {
	cmd, out := exec.Command("standpoint", "--now"), &lines{more: make(chan struct{}, 1)}
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.dir, out, out
	cmd.Env = append(os.Environ(), clockVariable+"="+c.later.String())
	check(c, cmd.Start())
	ended := make(chan int, 1)
	go func() { ended <- exitStatus(cmd.Wait()) }()
	c.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, out, ended
}

// disturb starts a run and kills it, unless it comes to its end before. Done says
// that the edition is out.
func (c *crash) disturb() (killed, done bool) {
	var sprung <-chan struct{}
	var moment <-chan time.Time
	if rand.IntN(2) == 0 {
		moment = time.After(rand.N(300*time.Millisecond + time.Duration(c.readers)*100*time.Microsecond))
	} else {
		stage := []string{atMail, atRcpt, atData, atAnswer}[rand.IntN(4)]
		sprung = c.server.stopAt(stage, rand.IntN(2*c.readers/c.perEdition))
	}
	run, out, ended := c.start()
	defer c.server.free()
	select {
	case <-moment:
	case <-sprung:
	case status := <-ended:
		c.ended(status, out)
		c.later += time.Minute // what waits for its turn has it in the next run
		return false, status == statusDone
	case <-time.After(2 * time.Minute):
		c.Fatalf("a run does not end:\n%s", out)
	}
	check(c, run.Process.Kill())
	if status := <-ended; status >= 0 { // it was quicker
		c.ended(status, out)
		return false, status == statusDone
	}
	c.kills++
	c.told(out)
	c.cutOff()
	return true, false
}

// ended holds that a run which was let alone found the state free and did its
// work as far as the server let it.
func (c *crash) ended(status int, out *lines) {
	c.told(out)
	if status != statusDone && status != statusPartly && status != statusUnsent {
		c.Fatalf("edition %d: status %d:\n%s", c.edition, status, out)
	}
}

// told takes in whom a run's log calls unknown.
func (c *crash) told(out *lines) {
	for _, m := range regexp.MustCompile(`msg="delivery unknown" edition=(\d+) subscriber=(\d+)`).FindAllStringSubmatch(out.String(), -1) {
		if m[1] != strconv.Itoa(c.edition) {
			c.Errorf("edition %s at the time of edition %d: %s", m[1], c.edition, m[0])
		}
		for _, address := range c.ledger(`SELECT address, '', '' FROM subscribers WHERE id = ?`, m[2]) {
			c.reported[address.reader]++
		}
	}
}

// cutOff takes in whom the ledger has under way after a kill: one a connection.
func (c *crash) cutOff() {
	under := c.ledger(`SELECT s.address, d.edition, d.reply FROM deliveries d JOIN subscribers s ON s.id = d.subscriber WHERE d.state = 'handing-over'`)
	if len(under) > connections {
		c.Errorf("%d hand-overs were under way on %d connections: %v", len(under), connections, under)
	}
	for _, u := range under {
		c.reported[u.reader]++
	}
}

type row struct{ reader, state, reply string }

// ledger reads rows of three columns from the store, as a kill left it; before
// there are tables there are none.
func (c *crash) ledger(query string, args ...any) (all []row) {
	c.Helper()
	path := filepath.Join(c.dir, "state", store.FileName)
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	check(c, err)
	defer db.Close()
	rows, err := db.QueryContext(c.Context(), query, args...)
	if err != nil && strings.Contains(err.Error(), "no such table") {
		return nil
	}
	check(c, err)
	defer rows.Close()
	for rows.Next() {
		var r row
		check(c, rows.Scan(&r.reader, &r.state, &r.reply))
		all = append(all, r)
	}
	check(c, rows.Err())
	return all
}

// finish lets runs come to their ends until the edition is out. An hour lies
// between them, so that all that was deferred is due.
func (c *crash) finish() {
	for range 10 {
		c.later += time.Hour
		_, out, ended := c.start()
		select {
		case status := <-ended:
			if c.ended(status, out); status == statusDone {
				return
			}
		case <-time.After(5 * time.Minute):
			c.Fatalf("a run does not end:\n%s", out)
		}
	}
	c.Fatalf("edition %d is not out after ten undisturbed runs", c.edition)
}

// account holds the server's count against the program's.
func (c *crash) account() {
	copies, silent, asked := c.server.taken()
	unanswered, unknown, twice, reached := 0, 0, 0, 0
	for _, n := range silent {
		unanswered += n
	}
	for n := 1; n <= c.readers; n++ {
		to, got := reader(n), 0
		for id, times := range copies[to] {
			got += times
			if !strings.HasPrefix(id, fmt.Sprintf("<standpoint.%d.", c.edition)) {
				c.Errorf("%s has %s, which is not of edition %d", to, id, c.edition)
			}
		}
		unknown += c.reported[to]
		switch {
		case gone(n):
			// The first refusal suppresses him.
			if most := 1 + c.reported[to]; got > 0 || asked[to] > most || c.edition > 1 && asked[to] > 0 {
				c.Errorf("%s has no mailbox, and was tried %d times for edition %d; %d were reported as unknown", to, asked[to], c.edition, c.reported[to])
			}
		case got == 0:
			c.Errorf("%s has no letter of edition %d (%q)", to, c.edition, faultOf(n))
		case len(copies[to]) > 1:
			c.Errorf("%s has the letter under %d Message-IDs: %v", to, len(copies[to]), copies[to])
		case got-1 > c.reported[to]:
			c.Errorf("%s has %d copies (%q); %d hand-overs were reported as unknown", to, got, faultOf(n), c.reported[to])
		}
		if got > 0 {
			reached, twice = reached+1, twice+got-1
		}
	}
	if most := c.kills*connections + unanswered; unknown > most {
		c.Errorf("%d hand-overs are unknown after %d kills on %d connections and %d letters without an answer", unknown, c.kills, connections, unanswered)
	}
	c.states(reached)
	c.Logf("edition %d: %d of %d readers reached, the others have no mailbox; %d kills, %d letters without an answer; %d hand-overs unknown, %d readers' letters twice",
		c.edition, reached, c.readers, c.kills, unanswered, unknown, twice)
}

// states holds that the ledger and status say what the server did, in its words.
func (c *crash) states(reached int) {
	count := map[store.DeliveryState]int{}
	for _, r := range c.ledger(`SELECT s.address, d.state, d.reply FROM deliveries d JOIN subscribers s ON s.id = d.subscriber WHERE d.edition = ?`, c.edition) {
		count[store.DeliveryState(r.state)]++
		var n int
		_, err := fmt.Sscanf(r.reader, "reader%d@", &n)
		check(c, err)
		if want := map[bool]string{true: "refused", false: "accepted"}[gone(n)]; r.state != want || gone(n) && !strings.Contains(r.reply, "550 5.1.1 no such mailbox here") {
			c.Errorf("%s is %s, %q; want %s", r.reader, r.state, r.reply, want)
		}
	}
	if count[store.Accepted] != reached {
		c.Errorf("%v; %d readers were reached", count, reached)
	}
	_, out := execute(c.T, c.dir, "status", "--json")
	var said struct {
		Edition    int                         `json:"last_edition"`
		Deliveries map[store.DeliveryState]int `json:"deliveries"`
	}
	check(c, json.Unmarshal([]byte(out), &said))
	if said.Edition != c.edition || fmt.Sprint(said.Deliveries) != fmt.Sprint(count) {
		c.Errorf("status says %v of edition %d, the ledger %v of %d", said.Deliveries, said.Edition, count, c.edition)
	}
}

// newPiece puts one more piece on the subject into a feed.
func newPiece(t *testing.T, dir string, n int) {
	t.Helper()
	write(t, filepath.Join(dir, "web", "north"), "feed", fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>North Wind Institute</title><link>@BASE@/north/</link><description>Commentary</description>
<item><title>Sign the guarantee for Ukraine, letter %d</title><link>@BASE@/north/sign-%d</link><guid>sign-%d</guid><pubDate>@DATE@</pubDate>
<description>A binding security guarantee for Ukraine, by treaty and with Article 5 as its model, should be signed and ratified.</description></item>
</channel></rss>`, n, n, n))
}
