/** One soak a cluster at a time: a file whose name says who holds the claim, and whose holder's death frees it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** A process of a machine. `began` is the kernel's word for when, where it gives one: another process may get the number. */
export type Holder = { readonly machine: string; readonly pid: number; readonly began: string };

export type Claim = { readonly ok: true; release(): void } | { readonly ok: false; readonly why: string };

/**
 * Claims a cluster for one soak. Each claimant first makes its own file and then looks for those of others, so that of two at the same
 * moment at least one sees the other: both may be refused, and never both let in. What a process that has ended left is taken away;
 * a claim of another machine that writes to the same folder stands, since nobody here knows whether it lives.
 * @param folder where the soaks of this installation stand
 * @throws Error naming the folder where it cannot be written or read, with its cause
 */
export function claimCluster(folder: string, clusterUid: string, holder: Holder = processOf(process.pid)): Claim {
  const prefix = `${clusterUid.replaceAll(/[^A-Za-z0-9-]/g, "_")}.`;
  const own = `${prefix}${holder.machine}.${holder.pid}.${holder.began}.claim`;
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).includes(own)) return refused(join(folder, own), holder, holder.machine);
    writeFileSync(join(folder, own), "", { flag: "wx" });
    for (const name of readdirSync(folder)) {
      const other = name.startsWith(prefix) && name !== own ? holderIn(name.slice(prefix.length)) : undefined;
      if (other === undefined) continue;
      if (other.machine === holder.machine && !isAlive(other)) {
        rmSync(join(folder, name), { force: true });
      } else {
        rmSync(join(folder, own), { force: true });
        return refused(join(folder, name), other, holder.machine);
      }
    }
    return { ok: true, release: () => rmSync(join(folder, own), { force: true }) };
  } catch (cause) {
    throw new Error(`claiming the cluster ${clusterUid} for a soak in ${folder}`, { cause });
  }
}

function refused(file: string, { machine, pid }: Holder, here: string): Claim {
  const what = machine === here ? "end it, or wait for its end" : `wait for its end, or delete ${file} if it has none`;
  return { ok: false, why: `another soak watches this cluster: process ${pid} on ${machine}: ${what}` };
}

function holderIn(name: string): Holder | undefined {
  const [, machine, pid, began = ""] = /^(.+)\.(\d+)\.(\d*)\.claim$/.exec(name) ?? [];
  return machine === undefined ? undefined : { machine, pid: Number(pid), began };
}

/** A process of this machine, as a claim names it. */
export function processOf(pid: number): Holder {
  return { machine: hostname(), pid, began: fieldsOf(pid)?.[19] ?? "" };
}

function isAlive({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const fields = fieldsOf(pid);
  // A zombie has ended, and only waits to be told of. Where the kernel tells nothing (not Linux) the number alone stands for the process.
  return fields === undefined || (fields[0] !== "Z" && fields[19] === began);
}

/** What the kernel says of a process, behind its name in parentheses, which may hold blanks: its state first, its start as the 20th. */
function fieldsOf(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
  } catch {
    return undefined;
  }
}
