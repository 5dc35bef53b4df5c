package main

import (
	"context"
	"flag"
	"fmt"
)

func editionsHoldCommand() command {
	return command{
		name: "editions hold", args: "[N]", does: "Stop the deadline of the edition that waits for its editor; approve lifts it.",
		example: `standpoint editions hold 12 --why "one piece is still to be checked"`,
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			why := flags.String("why", "", "the reason, one `TEXT`, for the record")
			return func(ctx context.Context, env *environment, args []string) error {
				number, err := optionalEdition(args, "editions hold N --why TEXT")
				if err != nil {
					return err
				}
				if *why = line(*why); *why == "" {
					return usage("say why, for the record: --why TEXT")
				}
				return deskAt(ctx, env, *path, number, func(d *editorsDesk) error {
					if err := d.worker.Hold(ctx, d.number, operatorName(), *why); err != nil {
						return err
					}
					fmt.Fprintf(env.stdout, "Edition %d is held. It goes out when you approve it: standpoint editions approve %[1]d\n", d.number)
					return nil
				})
			}
		},
	}
}
