/** The commands and their flags: a stable interface. */
import { Command, CommanderError } from "commander";
import { UsageError } from "../environments/settings.ts";
import type { DrillOptions } from "./drill.ts";
import { abortOnSignals, interruptionOf } from "./signals.ts";
import type { ValidateOptions } from "./validate.ts";

type Action = (context: { readonly say: (line: string) => void; readonly signal: AbortSignal }) => Promise<number>;

/**
 * Runs one command.
 * @param args the arguments after the program's name
 * @returns the exit code: 0 proven, 1 failed, 2 unproven, 3 usage, configuration or harness error, 4 something left behind, 130/143 interrupted
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const chosen: { action?: Action } = {};
  const program = commands((action) => {
    chosen.action = action;
  });
  const signal = abortOnSignals();
  try {
    await program.parseAsync(args, { from: "user" });
    if (chosen.action === undefined) return 0;
    return await chosen.action({ say: (line) => console.log(line), signal });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    const interrupted = interruptionOf(signal);
    const message = error instanceof Error ? error.message : String(error);
    console.error(`oke-proof: ${message}${error instanceof UsageError ? "" : because(error)}`);
    return interrupted ?? 3;
  } finally {
    endSoon();
  }
}

// Each command brings its own modules: `criteria` need not load a Kubernetes client.
function commands(choose: (action: Action) => void): Command {
  const program = new Command("oke-proof")
    .description("Proves, or refuses to claim, that a Kubernetes deployment meets the success criteria of its roadmap.")
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(
          `${text
            .trim()
            .replace(/^error: /, "oke-proof: ")
            .replaceAll("\n", " ")} ('oke-proof --help' lists the commands)\n`,
        ),
    });
  const environment = ["--env <name>", "local, kind, oke-staging or oke-production", "local"] as const;
  program
    .command("up")
    .description("stand the local cluster up, with the platform on it; does nothing where it stands")
    .option(...environment)
    .option(
      "--layers <names>",
      "only these, by commas, and those that they need: core, events, observability, operations",
    )
    .action((options: { env: string; layers?: string }) =>
      choose(async (context) => (await import("./up.ts")).runUp(options, context)),
    );
  program
    .command("down")
    .description("take the local cluster away, and everything it left outside the build cache")
    .option(...environment)
    .action((options: { env: string }) =>
      choose(async (context) => (await import("./down.ts")).runDown(options.env, context)),
    );
  program
    .command("status")
    .description("say what stands and where its kubeconfig is")
    .option(...environment)
    .option("--json", "print it as JSON", false)
    .action((options: { env: string; json: boolean }) =>
      choose(async (context) => (await import("./status.ts")).runStatus(options, context)),
    );
  program
    .command("doctor")
    .description("list what is missing on this machine and the command that mends it")
    .action(() => choose(async (context) => (await import("./doctor.ts")).runDoctor(context)));
  program
    .command("validate")
    .description("check the criteria in scope on the live cluster and write the verdicts")
    .option(...environment)
    .option("--suite <names...>", "only these suites")
    .option("--criterion <ids...>", "only these criteria")
    .option("--out <directory>", "where the reports go (default: reports/<run-id>)")
    .option(
      "--soak <length>",
      "watch the platform for so long before the checks (48h, 90m), with --suite performance; goes on where it was cut off",
    )
    .action((options: ValidateOptions) =>
      choose(async (context) => (await import("./validate.ts")).validate("validate", options, context)),
    );
  program
    .command("gate")
    .description("may we switch DNS to this cluster? Anything not proven, fresh and from the expected cluster is a no")
    .requiredOption("--env <name>", "local, kind, oke-staging or oke-production")
    .option("--out <directory>", "where the reports go (default: reports/<run-id>)")
    .action((options: ValidateOptions) =>
      choose(async (context) => (await import("./validate.ts")).validate("gate", options, context)),
    );
  program
    .command("drill")
    .description("list the drills; or make one: disturb, watch whether the platform survives, put everything back")
    .argument("[name]", "a drill")
    .option(...environment)
    .option("--dry-run", "say what it will touch and how it undoes it, and stop there", false)
    .option("--single-replica", "disturb targets too that have one replica only: their service will be gone", false)
    .option("--cluster-uid <uid>", "the cluster that is meant: what 'rebuild' asks for besides the profile's permit")
    .option("--out <directory>", "where the reports go (default: reports/<run-id>)")
    .action((name: string | undefined, options: DrillOptions) =>
      choose(async (context) => (await import("./drill.ts")).runDrill(name, options, context)),
    );
  program
    .command("undo")
    .description("take away what interrupted runs left in the cluster and its applications; safe twice")
    .option(...environment)
    .option("--put-back <record>", "close this undo record instead: a person has put back what it names")
    .action((options: { env: string; putBack?: string }) =>
      choose(async (context) => (await import("./undo.ts")).runUndo(options, context)),
    );
  program
    .command("criteria")
    .description("print the catalogue of success criteria with their sources")
    .option(...environment)
    .option("--json", "print it as JSON", false)
    .action((options: { env: string; json: boolean }) =>
      choose(async (context) => (await import("./criteria.ts")).printCriteria(options, context)),
    );
  program
    .command("fits")
    .description(
      "sum what the charts and Terraform of an Oracle environment ask for, against the free allowance in force",
    )
    .option("--env <name>", "oke-staging or oke-production (default: both)")
    .action((options: { env?: string }) =>
      choose(async (context) => (await import("./fits.ts")).runFits({ env: options.env }, context)),
    );
  program
    .command("images")
    .description("pin: write the digests of the charts' upstream images beside their values")
    .argument("<action>", "pin")
    .argument("[folders...]", "chart folders (default: those of this project)")
    .action((action: string, folders: readonly string[]) =>
      choose(async (context) => {
        if (action !== "pin") throw new UsageError(`images: unknown action '${action}': there is 'pin'`);
        return (await import("./images.ts")).pinImages(folders, context);
      }),
    );
  program
    .command("report")
    .description("write the reports again from the ledger of a run")
    .argument("[directory]", "the run's folder", "reports/latest")
    .action((directory: string) =>
      choose(async (context) => (await import("./report.ts")).runReport(directory, context)),
    );
  return program;
}

function because(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? `: ${cause.message}` : "";
}

/** A socket that some library left open must not keep a finished command alive. */
function endSoon(): void {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), 10_000).unref();
}
