package pipeline

import (
	"fmt"
	"runtime/debug"
)

// guard runs the work on one unit (a source, a piece, a session) and turns a
// panic into a log line and an error, so that one bad piece of data fails alone
// and does not take the process with it.
func (w *Worker) guard(work func() error, unit ...any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			w.Log.Error("the program has a fault: please report this line to its authors",
				append(unit, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))...)
			err = &panicError{r}
		}
	}()
	return work()
}

// panicError is what remains of a panic.
type panicError struct{ value any }

func (e *panicError) Error() string {
	return fmt.Sprintf("the program has a fault (%v): please report the log's line with the stack", e.value)
}
