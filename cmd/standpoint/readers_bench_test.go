package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// BenchmarkReaders publishes to 10,000 readers and to ten times as many, by the
// program itself as a process of its own, and holds what the documents promise:
// its memory does not grow with the list.
func BenchmarkReaders(b *testing.B) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("the peak of a process's memory is read from Linux's /proc")
	}
	const few, many, most, growth = 10_000, 100_000, 80.0, 1.10
	program := filepath.Join(b.TempDir(), "standpoint")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	peaks := map[int]float64{}
	for _, readers := range []int{few, many} {
		b.Run(strconv.Itoa(readers), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				dir, taken := massMailing(b, readers)
				if out, err := in(dir, program, "gather").CombinedOutput(); err != nil {
					b.Fatalf("gather: %v\n%s", err, out)
				}
				b.StartTimer()
				peaks[readers] = peak(b, in(dir, program, "publish"))
				if n := taken.Load(); n != int64(readers) {
					b.Errorf("%d letters for %d readers", n, readers)
				}
			}
			b.ReportMetric(peaks[readers], "peak-MB")
			b.ReportMetric(float64(b.N*readers)/b.Elapsed().Seconds(), "letters/s")
		})
	}
	if peaks[many] > most || peaks[few] > 0 && peaks[many] > peaks[few]*growth {
		b.Errorf("%.1f MB for %d readers, %.1f MB for %d; want at most %.0f MB and %.0f %% more",
			peaks[few], few, peaks[many], many, most, 100*growth-100)
	}
}

// massMailing is a workplace with a long list of readers and the pack that is
// built in; its server counts letters and forgets them.
func massMailing(b *testing.B, readers int) (dir string, taken *atomic.Int64) {
	dir, config := workplace(b)
	taken = new(atomic.Int64)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return forgetful{taken}, nil }))
	server.Domain, server.ErrorLog = "127.0.0.1", silent{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(b, err)
	b.Cleanup(func() { server.Close() })
	go server.Serve(listener)
	config = strings.Replace(config, "mail:\n", fmt.Sprintf(
		"mail:\n  delivery: smtp\n  smtp: {host: 127.0.0.1, port: %d, tls: none, connections: 4}\n", listener.Addr().(*net.TCPAddr).Port), 1)
	config = strings.Replace(config, "topic: ./pack", "topic: ukraine-security-guarantees", 1)
	config = strings.Replace(config, "subscribers: [ada@example.org, ben@example.org]", "subscribers_file: readers.txt", 1)
	write(b, dir, "config.yaml", config)
	var list bytes.Buffer
	for i := range readers {
		fmt.Fprintf(&list, "Reader %d <reader%d@example%d.org>\n", i, i, i%100)
	}
	write(b, dir, "readers.txt", list.String())
	return dir, taken
}

// forgetful is a session of a server that keeps nothing.
type forgetful struct{ taken *atomic.Int64 }

func (forgetful) Reset()                               {}
func (forgetful) Logout() error                        { return nil }
func (forgetful) Mail(string, *smtp.MailOptions) error { return nil }
func (forgetful) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (f forgetful) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	if err == nil {
		f.taken.Add(1)
	}
	return err
}

func in(dir, program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	return cmd
}

// peak runs a program to its end and returns the most memory that it held, in MB.
// It is read while the program runs: what wait4(2) tells counts its parent's
// memory, too.
func peak(b *testing.B, cmd *exec.Cmd) (mb float64) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	check(b, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				b.Fatalf("%v: %v\n%s", cmd.Args[1:], err, out.String())
			}
			return mb
		case <-tick.C:
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			for line := range strings.Lines(string(status)) {
				var kb float64
				if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kb); n == 1 {
					mb = max(mb, kb/1024)
				}
			}
		}
	}
}
