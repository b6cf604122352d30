/** The end of `up`: a live proof that NetworkPolicy is enforced and that nothing leaves the machine. */
import { randomBytes } from "node:crypto";
import { poll } from "../../harness/poll.ts";
import type { Engine } from "./engine.ts";
import { apply, kubectl } from "./kubectl.ts";

const timeoutMs = 60_000;
const connectSeconds = 3;
/** An address of the range kept for documentation, which is on no network: the machine itself must refuse the connection, at once. */
const publicAddress = "203.0.113.1:443";

export type Proof = {
  readonly openBefore: string;
  readonly blocked: string;
  readonly openAfter: string;
  readonly outside: string;
};

/**
 * Two pods connect, cannot under a default-deny policy, and can again once it is gone; and a connection beyond the machine is refused at once.
 * @throws Error naming the step that was otherwise; the namespace is removed in any case
 */
export async function proveNetwork(engine: Engine, image: string, signal: AbortSignal): Promise<Proof> {
  const namespace = `oke-proof-network-${randomBytes(3).toString("hex")}`;
  try {
    await apply(engine, pods(namespace, image), { signal });
    await kubectl(engine, ["-n", namespace, "wait", "--for=condition=Ready", "pod", "--all", "--timeout=90s"], {
      signal,
      timeoutMs: 100_000,
    });
    const address = (
      await kubectl(engine, ["-n", namespace, "get", "pod", "server", "-o", "jsonpath={.status.podIP}"], { signal })
    ).stdout;
    const target = `${address}:8080`;
    const openBefore = await expectConnection(engine, namespace, target, "connected", "before any policy", signal);
    await apply(engine, denyAll(namespace), { signal });
    const blocked = await expectConnection(
      engine,
      namespace,
      target,
      "TIMEOUT",
      "under the policy that denies everything",
      signal,
    );
    await kubectl(engine, ["-n", namespace, "delete", "networkpolicy", "deny-all"], { signal });
    const openAfter = await expectConnection(engine, namespace, target, "connected", "once the policy is gone", signal);
    const outside = await expectConnection(
      engine,
      namespace,
      publicAddress,
      "REFUSED",
      "to an address outside this machine",
      signal,
    );
    return { openBefore, blocked, openAfter, outside };
  } finally {
    // Without the signal: what was made goes, also when the user has interrupted.
    await kubectl(engine, ["delete", "namespace", namespace, "--ignore-not-found", "--wait=false"], {
      timeoutMs: 20_000,
    }).catch(() => undefined);
  }
}

async function expectConnection(
  engine: Engine,
  namespace: string,
  target: string,
  wanted: string,
  when: string,
  signal: AbortSignal,
): Promise<string> {
  const found = await poll(
    async () => {
      const said = await connect(engine, namespace, target);
      return said === wanted ? { state: "yes", value: said } : { state: "not yet", seen: said };
    },
    { what: `network proof: ${target} should be '${wanted}' ${when}`, timeoutMs, everyMs: 500, signal },
  );
  if (!found.ok) throw new Error(found.why);
  return `${found.value} after ${Math.round(found.elapsedMs)} ms`;
}

/** agnhost says nothing where it connects, and TIMEOUT, REFUSED or another word where it does not. */
async function connect(engine: Engine, namespace: string, target: string): Promise<string> {
  const args = ["-n", namespace, "exec", "client", "--", "/agnhost", "connect", `--timeout=${connectSeconds}s`, target];
  const found = await kubectl(engine, args, { timeoutMs: 15_000, accept: [1] });
  if (found.code === 0) return "connected";
  return (
    /\b(TIMEOUT|REFUSED|DNS|OTHER)\b/.exec(`${found.stdout} ${found.stderr}`)?.[1] ?? found.stderr.trim().slice(0, 120)
  );
}

const labels = { "app.kubernetes.io/managed-by": "oke-proof" };

function pods(namespace: string, image: string): string {
  const restricted = {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    runAsUser: 65532,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  const pod = (name: string, args: readonly string[]) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name, image, imagePullPolicy: "IfNotPresent", args, securityContext: restricted }],
    },
  });
  const items = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } },
    pod("server", ["netexec", "--http-port=8080"]),
    pod("client", ["pause"]),
  ];
  return items.map((item) => JSON.stringify(item)).join("\n---\n");
}

function denyAll(namespace: string): string {
  const metadata = { name: "deny-all", namespace, labels };
  return JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
}
