package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"standpoint/digest/topic"
)

// printVersion says what this binary is: version, commit, Go, topic packs.
func printVersion(env *environment) error {
	version, commit := "unreleased", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	_, err := fmt.Fprintf(env.stdout, "standpoint %s (commit %s, %s)\ntopic packs: %s\n",
		version, commit, runtime.Version(), strings.Join(topic.BuiltinKeys(), ", "))
	return err
}
