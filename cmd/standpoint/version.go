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
	commit := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	_, err := fmt.Fprintf(env.stdout, "standpoint %s (commit %s, %s)\ntopic packs: %s\n",
		version(), commit, runtime.Version(), strings.Join(topic.BuiltinKeys(), ", "))
	return err
}

// version is that of the module, "unreleased" for one that was built from a
// working tree.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "unreleased"
}
