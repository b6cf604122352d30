/** Nothing that the cluster sends may leave this machine: what its bridge forwards anywhere else is refused. */
import { run } from "./command.ts";
import type { EngineName } from "./engine.ts";

const callMsMax = 10_000;
const programs = ["iptables", "ip6tables"] as const;
/** Marks our rules, so that they are found again when the bridge is gone. */
const mark = "oke-proof";

/** The chain that the engine leaves to us: Docker's own comes before its accepting rules, Podman has none. */
function chainOf(engine: EngineName): string {
  return engine === "docker" ? "DOCKER-USER" : "FORWARD";
}

/** The rules in the order in which they must stand. Answers to what the machine itself began may go back. */
export function outwardRules(bridge: string): readonly (readonly string[])[] {
  const leaving = ["-i", bridge, "!", "-o", bridge, "-m", "comment", "--comment", mark];
  return [
    [...leaving, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT"],
    [...leaving, "-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset"],
    [...leaving, "-j", "REJECT"],
  ];
}

/** The deleting commands for our rules in what `iptables -S CHAIN` prints. */
export function deletionsOf(listing: string): string[][] {
  return listing
    .split("\n")
    .filter(
      (line) =>
        line.startsWith("-A ") && (line.includes(`--comment ${mark} `) || line.includes(`--comment "${mark}" `)),
    )
    .map((line) => ["-D", ...line.slice(3).replaceAll('"', "").split(" ")]);
}

/** What `iptables-restore` is given: our old rules go and the new ones come in one step, so that nothing slips out in between. */
export function replacement(chain: string, bridge: string, listing: string): string {
  const gone = deletionsOf(listing);
  const come = outwardRules(bridge).map((rule, index) => ["-I", chain, String(index + 1), ...rule]);
  return ["*filter", ...[...gone, ...come].map((words) => words.join(" ")), "COMMIT", ""].join("\n");
}

/**
 * Puts the rules at the head of the chain, for IPv4 and IPv6; twice is the same as once.
 * @throws CommandError where this process may not: then no cluster is made, since its traffic could leave the machine
 */
export async function closeOutwards(engine: EngineName, bridge: string, signal?: AbortSignal): Promise<void> {
  const chain = chainOf(engine);
  for (const program of programs) {
    const input = replacement(chain, bridge, await list(program, chain));
    await run(`${program}-restore`, ["--noflush", "-w", "5"], { ...options(signal), input });
  }
}

/** Removes the rules, however often they stand there. Harmless where there are none, or no iptables. */
export async function openOutwards(engine: EngineName, signal?: AbortSignal): Promise<void> {
  for (const program of programs) {
    const listing = await list(program, chainOf(engine));
    for (const deletion of deletionsOf(listing)) await run(program, ["-w", "5", ...deletion], options(signal));
  }
}

/** Whether the machine refuses what the cluster would send out: our rules stand first in the chain. */
export async function isClosedOutwards(engine: EngineName): Promise<boolean> {
  const rules = (await list("iptables", chainOf(engine))).split("\n").filter((line) => line.startsWith("-A "));
  const count = outwardRules("").length;
  return deletionsOf(rules.slice(0, count).join("\n")).length === count;
}

/** Netavark's own chains, and what leads into them: they stay behind when the last network is gone. */
const netavark = {
  nat: {
    empty: "NETAVARK-HOSTPORT-DNAT",
    jumps: ["NETAVARK-HOSTPORT-DNAT", "NETAVARK-HOSTPORT-MASQ"],
    chains: ["NETAVARK-HOSTPORT-DNAT", "NETAVARK-HOSTPORT-MASQ", "NETAVARK-HOSTPORT-SETMARK"],
  },
  filter: { empty: "NETAVARK_FORWARD", jumps: ["NETAVARK_FORWARD"], chains: ["NETAVARK_FORWARD"] },
} as const;

/** Removes Podman's empty chains; those that any network still uses stay as they are. Podman makes them again when it needs them. */
export async function removeEmptyChains(signal?: AbortSignal): Promise<void> {
  for (const program of programs) {
    for (const [table, { empty, jumps, chains }] of Object.entries(netavark)) {
      const listing = await list(program, undefined, table);
      if (!listing.includes(`-N ${empty}\n`) || listing.includes(`-A ${empty} `)) continue;
      for (const deletion of jumpsInto(listing, jumps))
        await run(program, ["-w", "5", "-t", table, ...deletion], options(signal));
      for (const chain of chains) {
        await run(program, ["-w", "5", "-t", table, "-F", chain], { ...options(signal), accept: [1] });
        await run(program, ["-w", "5", "-t", table, "-X", chain], { ...options(signal), accept: [1] });
      }
    }
  }
}

/** The deleting commands for the rules that lead from other chains into these. A comment in quotes is one word. */
export function jumpsInto(listing: string, chains: readonly string[]): string[][] {
  return listing
    .split("\n")
    .filter((line) => line.startsWith("-A ") && chains.some((chain) => line.endsWith(` -j ${chain}`)))
    .map((line) => ["-D", ...(line.slice(3).match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""))]);
}

async function list(program: string, chain: string | undefined, table = "filter"): Promise<string> {
  const args = ["-w", "2", "-t", table, "-S", ...(chain === undefined ? [] : [chain])];
  const found = await run(program, args, { timeoutMs: 3000 }).catch(() => undefined);
  return found?.stdout ?? "";
}

function options(signal?: AbortSignal): { timeoutMs: number; signal?: AbortSignal } {
  return { timeoutMs: callMsMax, ...(signal === undefined ? {} : { signal }) };
}
