package main

import (
	"context"
	"time"
)

// keysEvery is how often a daemon looks whether other keys sign readers' links now:
// one small read, whatever tokens anybody tries.
const keysEvery = 3 * time.Second

// rekeyed says whether keys were made or retired since the office was opened.
// Where that cannot be told now, the next look will.
func (o *office) rekeyed(ctx context.Context) bool {
	stored, err := o.worker.Store.StoredKeys(ctx)
	if err != nil {
		return false
	}
	keys, err := tokenKeys(stored)
	return err == nil && !keys.Equal(o.worker.Keys)
}
