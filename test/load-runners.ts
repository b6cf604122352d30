/**
 * A cluster of the test's own with load runners in it: its API server is a server on loopback, its pods are folders, with the real receiver and keeper in them, a
 * script in the place of k6, and a folder in the place of /proc. Nothing of ours is replaced.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { generatorOf } from "../fixtures/apps/load-keeper/generator.ts";
import { keeperOf } from "../fixtures/apps/load-keeper/keeper.ts";
import { receiverRoutes } from "../fixtures/apps/load-keeper/receiver-routes.ts";
import { keeperRoutes } from "../fixtures/apps/load-keeper/routes.ts";
import { answerTo } from "../fixtures/apps/service/answer.ts";
import { requestMetrics } from "../fixtures/apps/service/metrics.ts";
import { routeFor, type Route } from "../fixtures/apps/service/routes.ts";
import { listening } from "./loopback.ts";

const object = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });
const job = z.looseObject({ spec: z.looseObject({ completions: z.int() }) });

export type RunnerWorld = {
  readonly folder: string;
  readonly kubeconfig: string;
  /** Objects that stand, by path. */
  readonly objects: Map<string, z.output<typeof object>>;
  /** What was asked of the API server, as `METHOD path`, in order. */
  readonly asked: string[];
  readonly pods: ReadonlyMap<number, Pod>;
};

export type Pod = {
  readonly folder: string;
  child: ChildProcess | undefined;
  exit: { exitCode: number; reason: string } | undefined;
  /** Taken out of the list, as a pod that something deleted. */
  isGone: boolean;
  /** Changes an answer on its way. */
  bend: (path: string, body: string) => string;
};

type Running = Pod & { routes: readonly Route[]; readonly end: () => void };

/** Begins a world, has `work` use it, and ends all that runs in it. @param k6 a POSIX shell script, run in the runner's folder of results once it was let begin, with its index as `$1` */
export async function withRunners<T>(k6: string, work: (world: RunnerWorld) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-runners-"));
  const pods = new Map<number, Running>();
  const world: RunnerWorld = { folder, kubeconfig: join(folder, "kubeconfig"), objects: new Map(), asked: [], pods };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = await bodyOf(request);
    const [status, body] = await answer(world, pods, k6, { request, sent });
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  };
  const server = createServer((request, response) => void serve(request, response));
  try {
    return await listening(server, async (port) => {
      const config = {
        clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
        users: [{ name: "u", user: { token: "not-a-secret" } }],
        contexts: [{ name: "k", context: { cluster: "c", user: "u" } }],
        "current-context": "k",
      };
      writeFileSync(world.kubeconfig, JSON.stringify(config));
      return work(world);
    });
  } finally {
    for (const pod of pods.values()) pod.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Asked = { readonly request: IncomingMessage; readonly sent: string };
type Answered = readonly [status: number, body: string];

async function answer(
  world: RunnerWorld,
  pods: Map<number, Running>,
  k6: string,
  { request, sent }: Asked,
): Promise<Answered> {
  const { method = "GET" } = request;
  const url = new URL(request.url ?? "/", "http://api");
  const path = url.pathname;
  const proxied = /\/pods\/load-(\d+):\d+\/proxy(\/.*)$/.exec(path);
  if (proxied !== null) return inPod(pods.get(Number(proxied[1])), { method, path: proxied[2] ?? "/", url, sent });
  world.asked.push(`${method} ${path}`);
  if (method === "GET" && path.endsWith("/pods")) return [200, JSON.stringify(listOf(pods))];
  if (method === "POST") {
    const made = object.parse(JSON.parse(sent));
    const at = `${path}/${made.metadata.name}`;
    if (world.objects.has(at)) return [409, JSON.stringify({ message: "already exists" })];
    world.objects.set(at, { ...made, metadata: { ...made.metadata, uid: at } });
    if (path.endsWith("/jobs")) startPods(world, pods, k6, job.parse(made).spec.completions);
    return [201, sent];
  }
  if (method === "DELETE") {
    if (path.includes("/jobs/")) for (const pod of pods.values()) pod.end();
    return world.objects.delete(path) ? [200, "{}"] : [404, "{}"];
  }
  const found = world.objects.get(path);
  return found === undefined ? [404, JSON.stringify({ message: "not found" })] : [200, JSON.stringify(found)];
}

async function inPod(
  pod: Running | undefined,
  asked: { readonly method: string; readonly path: string; readonly url: URL; readonly sent: string },
): Promise<Answered> {
  if (pod === undefined || pod.isGone) return [503, JSON.stringify({ message: "no such pod" })];
  const json = (): Promise<unknown> => Promise.resolve(asked.sent === "" ? {} : JSON.parse(asked.sent));
  try {
    const { route } = routeFor(pod.routes, asked.method, asked.path);
    const { status, body } = await route.answer({ headers: {}, query: asked.url.searchParams, parameters: {}, json });
    return [status, pod.bend(asked.path, JSON.stringify(body))];
  } catch (error) {
    const { status, body } = answerTo(error);
    return [status, JSON.stringify(body)];
  }
}

function startPods(world: RunnerWorld, pods: Map<number, Running>, k6: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const folder = join(world.folder, `pod-${index}`);
    for (const name of ["told", "results", "proc"]) mkdirSync(join(folder, name), { recursive: true });
    const own = String(index);
    let api: Server | undefined;
    let looking: NodeJS.Timeout | undefined;
    const pod: Running = {
      folder,
      child: undefined,
      exit: undefined,
      isGone: false,
      bend: (_, body) => body,
      routes: [],
      end() {
        clearInterval(looking);
        api?.closeAllConnections();
        api?.close();
        pod.child?.kill("SIGKILL");
      },
    };
    // A reader that is gone takes no word.
    const begin = (): void => void pod.child?.stdin?.end("go\n");
    const told = (): void => {
      let hasBegun = false;
      api = createServer((asked, response) => {
        if (asked.method === "PATCH") begin();
        hasBegun ||= asked.method === "PATCH";
        const attributes = { status: hasBegun ? 7 : 4, paused: !hasBegun, stopped: false };
        response.end(JSON.stringify({ data: { attributes } }));
      });
      api.listen(0, "127.0.0.1", () => {
        const address = api?.address();
        const port = typeof address === "object" && address !== null ? address.port : 0;
        const procfs = join(folder, "proc");
        const generator = generatorOf({ name: "k6", api: `http://127.0.0.1:${port}`, procfs });
        const keeper = keeperOf(generator, () => performance.now());
        pod.routes = keeperRoutes({ index: own, keeper, folder: join(folder, "results") }, requestMetrics("t"));
        startK6(pod, k6, own);
        looking = setInterval(() => void keeper.look(), 50);
      });
    };
    pod.routes = receiverRoutes({ index: own, folder: join(folder, "told"), told }, requestMetrics("t"));
    pods.set(index, pod);
  }
}

/** Reads a line before it begins, as k6 waits for its API. */
function startK6(pod: Running, k6: string, index: string): void {
  const child = spawn("/bin/sh", ["-c", `read -r word\n${k6}`, "k6", index], {
    cwd: join(pod.folder, "results"),
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.stdin.on("error", () => undefined);
  pod.child = child;
  const entry = join(pod.folder, "proc", String(child.pid));
  mkdirSync(entry);
  writeFileSync(join(entry, "comm"), "k6\n");
  let ticks = 0;
  const tick = (): void => {
    ticks += 1;
    writeFileSync(join(entry, "stat"), `1 (k6) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 9 0 100\n`);
    writeFileSync(join(pod.folder, "proc", "stat"), `cpu  ${ticks * 10} 0 0 ${ticks * 90} 0 0 0 0 0 0\n`);
  };
  tick();
  const ticking = setInterval(tick, 100);
  child.once("exit", (code, signal) => {
    clearInterval(ticking);
    rmSync(entry, { recursive: true, force: true });
    const number = signal === "SIGKILL" ? 137 : signal === "SIGINT" ? 105 : 255;
    pod.exit = { exitCode: code ?? number, reason: code === 0 ? "Completed" : "Error" };
  });
}

function listOf(pods: ReadonlyMap<number, Pod>): object {
  const items = [...pods].flatMap(([index, { exit, isGone }]) => {
    if (isGone) return [];
    const k6 = { name: "k6", state: exit === undefined ? { running: {} } : { terminated: exit } };
    const labels = { "batch.kubernetes.io/job-completion-index": String(index) };
    return [
      {
        metadata: { name: `load-${index}`, labels },
        spec: { nodeName: `node-${index}` },
        status: { phase: "Running", containerStatuses: [k6, { name: "keeper", state: { running: {} } }] },
      },
    ];
  });
  return { metadata: {}, items };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}
