/** The push of metrics against a real Pushgateway, in a container of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axios from "axios";
import { GenericContainer, Wait, type StartedTestContainer } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findEngine, type Engine } from "../../environments/local/engine.ts";
import { baseReference, buildBase } from "../../environments/local/rootfs.ts";
import { poll } from "../../harness/poll.ts";
import { pushMetrics, toRegistry } from "../../reporters/prometheus.ts";
import { exampleLedger } from "../report/example.ts";

const pushgatewayRoot = {
  name: "pushgateway",
  variant: "extract",
  packages: ["prometheus-pushgateway", "libc6"],
  hooks: [`mkdir -p "$1"/tmp && chmod 1777 "$1"/tmp`],
} as const;

let service: ChildProcess | undefined;
let container: StartedTestContainer;

beforeAll(async () => {
  const engine = await findEngine("auto");
  if (engine === undefined)
    throw new Error("neither Docker nor Podman answers: 'bin/oke-proof doctor' says what to do");
  await buildBase(engine, pushgatewayRoot, new AbortController().signal);
  if (engine.name === "podman") service = await podmanService(engine);
  // Its reaper is an image of a registry that may be out of reach; the container is stopped below.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  container = await new GenericContainer(baseReference(pushgatewayRoot))
    .withPullPolicy({ shouldPull: () => false })
    .withCommand(["/usr/bin/prometheus-pushgateway"])
    .withExposedPorts(9091)
    .withWaitStrategy(Wait.forHttp("/-/ready", 9091))
    .withStartupTimeout(60_000)
    .start();
}, 300_000);

afterAll(async () => {
  await container?.stop();
  service?.kill("SIGTERM");
}, 60_000);

/** Podman's API on a socket of our own, for as long as the test runs. */
async function podmanService(engine: Engine): Promise<ChildProcess> {
  const socket = join(mkdtempSync(join(tmpdir(), "oke-proof-podman-")), "podman.sock");
  const child = spawn("podman", ["system", "service", "--time=0", `unix://${socket}`], {
    env: { ...engine.env },
    stdio: "ignore",
  });
  const listening = await poll(
    async () => (existsSync(socket) ? { state: "yes", value: true } : { state: "not yet", seen: "no socket" }),
    { what: "Podman's API", timeoutMs: 30_000, everyMs: 100 },
  );
  if (!listening.ok) throw new Error(listening.why);
  process.env["DOCKER_HOST"] = `unix://${socket}`;
  return child;
}

test("a real Pushgateway takes the run's metrics and gives them back", async () => {
  const ledger = exampleLedger();
  const url = `http://${container.getHost()}:${container.getMappedPort(9091)}`;
  await pushMetrics(toRegistry(ledger), url, { timeoutMs: 5_000, environment: ledger.run.env });
  const { data } = await axios.get<string>(`${url}/metrics`, { timeout: 5_000, responseType: "text" });
  const pushed = data
    .split("\n")
    .filter((row) => row.startsWith("oke_proof_") && row.includes(`environment="${ledger.run.env}"`));
  for (const { id } of ledger.criteria)
    expect(
      pushed.filter((row) => row.includes(`criterion="${id}"`)),
      id,
    ).not.toEqual([]);
  expect(pushed.find((row) => row.startsWith("oke_proof_run_timestamp_seconds"))).toMatch(/ 1\.\d+e\+09$/);
});
