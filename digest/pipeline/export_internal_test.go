package pipeline

import "context"

// TakeSome reads a maildir as a run does, so many messages at most.
func (w *Worker) TakeSome(ctx context.Context, dir string, most int) error {
	return w.takeMaildir(ctx, dir, most, func(string, Returned) {})
}
