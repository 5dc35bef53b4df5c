package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"standpoint/digest/store"
)

func backupCommand() command {
	return command{
		name: "backup", args: "FILE", does: "Write a consistent copy of the store into a file, while it is in use.",
		example: "standpoint backup /var/backups/standpoint.db --force",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			force := flags.Bool("force", false, "take the place of a file that exists")
			return func(ctx context.Context, env *environment, args []string) error {
				if len(args) != 1 || args[0] == "" {
					return usage("say where to: standpoint backup FILE")
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				return s.backup(ctx, env, args[0], *force)
			}
		},
	}
}

func (s *settings) backup(ctx context.Context, env *environment, file string, force bool) error {
	if !store.Exists(s.StateDir()) {
		return usage("there is no store in %s yet, and nothing to back up", s.StateDir())
	}
	size, err := store.Backup(ctx, s.StateDir(), file, force)
	if errors.Is(err, store.ErrBackupExists) {
		return usage("%w; choose another name, or let --force take its place", err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "Backed up to %s: %d KB, read through and sound. To restore it: stop standpoint, put the file in the place of %s/%s, delete the files %[4]s-wal and %[4]s-shm beside it.\n",
		line(file), (size+999)/1000, line(s.StateDir()), store.FileName)
	return nil
}
