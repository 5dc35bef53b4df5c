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

// reopenable says whether the office can be opened anew with other keys: a list of
// readers that cannot be read, or a folder that is not to be written to, would end
// the daemon. What is wrong is logged once.
func (o *office) reopenable(ctx context.Context, told *bool) bool {
	err := o.requireFolders()
	if err == nil {
		_, err = o.keepsReaders(ctx, o.worker.Store)
	}
	if err != nil && !*told {
		o.worker.Log.Error("the keys of readers' links have changed, and are not taken over before this is mended", "err", err)
	}
	*told = err != nil
	return err == nil
}
