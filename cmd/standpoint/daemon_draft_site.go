package main

import (
	"context"
	"errors"

	"standpoint/digest/pipeline"
	"standpoint/digest/store"
	"standpoint/digest/web"
)

// drafts lets the editor's page act. It runs beside the jobs: what changes the
// model waits for its turn.
func (o *office) drafts() web.Drafts {
	called := func(err error) error {
		if err == nil {
			o.callAttend()
		}
		return err
	}
	return web.Drafts{
		Approve: func(ctx context.Context, edition, revision int) error {
			_, err := o.worker.Approve(ctx, edition, revision, pipeline.Editor)
			if _, bad := errors.AsType[*pipeline.PreflightError](err); bad {
				return &web.Refusal{Why: "It cannot be sent yet, and still waits: its letter breaks rules of mail. The operator's log says which."}
			}
			if errors.Is(err, store.ErrNoReaders) {
				return &web.Refusal{Why: "It cannot be sent yet, and still waits: there is no reader."}
			}
			return called(err)
		},
		Hold: func(ctx context.Context, edition int, why string) error {
			return called(o.worker.Hold(ctx, edition, pipeline.Editor, why))
		},
		Correct: func(ctx context.Context, order store.Order, revision int) error {
			order.At, order.Who = o.worker.Now(), pipeline.Editor
			return called(o.worker.Store.Order(ctx, order, revision))
		},
		Drop: func(ctx context.Context, edition, revision int, item int64, why string) error {
			return called(o.worker.Drop(ctx, edition, revision, item, pipeline.Editor, why))
		},
		Restore: func(ctx context.Context, edition, revision int, item int64) error {
			return called(o.worker.Restore(ctx, edition, revision, item, pipeline.Editor))
		},
	}
}
