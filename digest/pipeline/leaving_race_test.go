package pipeline_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
	"standpoint/digest/token"
	readers "standpoint/digest/web"
	"standpoint/templates"
)

// leavers is a web side on a world's store, and a clock that both share: each look
// at it is a second later than the one before, so that it orders what happens.
type leavers struct {
	*world
	seconds atomic.Int64
	left    sync.Map // subscriber → when the answer to the one-click request was there
	claimed sync.Map // subscriber → when the letter in hand was claimed
}

func (l *leavers) tick() time.Time {
	return monday.Add(time.Duration(l.seconds.Add(1)) * time.Second)
}

// serve makes the web side and gives its address.
func (l *leavers) serve(t *testing.T) string {
	t.Helper()
	keys, err := token.NewKeys(token.Key{ID: 1, Secret: token.NewSecret()})
	must(t, err)
	pages, err := templates.ParseSite()
	must(t, err)
	l.Keys, l.Frame.Web, l.Sender.Web = keys, "https://digest.example.org", "https://digest.example.org"
	site := readers.Site{
		Store: l.Store, Keys: keys, Pack: l.Pack, Renderer: l.Renderer, Frame: l.Frame, Pages: pages,
		Zone: time.UTC, Now: l.tick, Log: slog.New(slog.DiscardHandler),
	}
	server := httptest.NewServer(site.Handler())
	t.Cleanup(server.Close)
	return server.URL
}

// leave sends a reader's one-click request (RFC 8058) and notes when it was
// answered.
func (l *leavers) leave(base string, id int64) error {
	r, err := http.PostForm(base+"/leave/"+l.Keys.Sign(token.Leave, id), url.Values{"List-Unsubscribe": {"One-Click"}})
	if err != nil {
		return err
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("reader %d: status %d", id, r.StatusCode)
	}
	l.left.Store(id, l.tick())
	return nil
}

// watched is a session that notes when the letter which it hands over was claimed.
type watched struct {
	pipeline.Session
	note func(*mail.Message) error
}

func (s watched) Send(ctx context.Context, m *mail.Message) error {
	if err := s.note(m); err != nil {
		return err
	}
	return s.Session.Send(ctx, m)
}

// S43: while an edition is on its way to 2,000 readers, 200 of them leave by one
// click, each shortly before the turn that is theirs. No letter is taken in hand
// for anybody whose request was answered, and everybody else has one.
func TestLeavingWhileAnEditionRuns(t *testing.T) {
	t.Parallel()
	all, leaving, sessions := 2000, 200, 3
	if os.Getenv("YEAR") == "" { // enough, and fast under the race detector, too
		all, leaving = 400, 40
	}
	dir := t.TempDir()
	l := &leavers{world: worldOn(t, newWeb(t), dir, all, "one")}
	l.world.web.add("one", piece("a", 1))
	l.gather(t)
	base := l.serve(t)
	l.Now = l.tick

	turns := make(chan int, all)
	s := serve(t, 0)
	var taken atomic.Int64
	s.onData = func(string) error {
		if n := taken.Add(1); n%8 == 0 && n <= 8*int64(leaving) { // fewer letters than readers are taken
			turns <- int(n)
		}
		return nil
	}
	over(t, l.world, s.port, sessions)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.FileName)+"?mode=ro")
	must(t, err)
	defer db.Close()
	open := l.Carrier.Open
	l.Carrier.Open = func(ctx context.Context) (pipeline.Session, error) {
		session, err := open(ctx)
		return watched{session, func(m *mail.Message) error {
			var changed string
			err := db.QueryRow(`SELECT changed FROM deliveries WHERE edition = ? AND subscriber = ? AND state = 'handing-over'`, m.Edition, m.Recipient).Scan(&changed)
			if err != nil {
				return err
			}
			at, err := time.Parse(time.RFC3339, changed)
			l.claimed.Store(m.Recipient, at)
			return err
		}}, err
	}

	var work sync.WaitGroup
	var mu sync.Mutex
	gone := map[int64]bool{}
	for range 8 {
		work.Go(func() {
			for n := range turns {
				id := int64(min(all, n+1+rand.IntN(150)))
				mu.Lock()
				for gone[id] {
					id = id%int64(all) + 1
				}
				gone[id] = true
				mu.Unlock()
				if err := l.leave(base, id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	p := l.publish(t)
	close(turns)
	work.Wait()

	got, late, spared := s.got(), 0, 0
	for id := int64(1); id <= int64(all); id++ {
		letters := got[fmt.Sprintf("reader%d@example.org", id-1)]
		if !gone[id] {
			if len(letters) != 1 {
				t.Errorf("reader %d stayed and got %d letters", id, len(letters))
			}
			continue
		}
		at, ok := l.left.Load(id)
		switch claimed, inHand := l.claimed.Load(id); {
		case !ok || len(letters) > 1:
			t.Errorf("reader %d: answered %v, %d letters", id, ok, len(letters))
		case len(letters) == 0:
			spared++
		case !inHand || claimed.(time.Time).After(at.(time.Time)):
			t.Errorf("reader %d left at %v, and a letter was claimed at %v", id, at, claimed)
		default:
			late++
		}
	}
	if len(gone) != leaving || spared < leaving/10 {
		t.Errorf("%d left, %d of them before their turn: too few to show anything", len(gone), spared)
	}
	t.Logf("%d left; %d before their turn, %d had their letter or it was in hand; %+v", len(gone), spared, late, p.Outcomes)
}
