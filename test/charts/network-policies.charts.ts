/** The rendered policies mean what the chart declares, and every pod of our charts is one of those that it knows. */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { helmProgram, type Program } from "../../environments/local/programs.ts";
import { networkIntentOf } from "../../environments/network-intent.ts";
import { builtInPlan } from "../../environments/plan.ts";
import { projectRoot } from "../../environments/settings.ts";
import type { Manifest } from "../../probes/charts/manifest.ts";
import { renderRelease } from "../../probes/charts/render.ts";
import { readDeclaration, type Declaration } from "../../probes/network-intent/declaration.ts";
import { isDeclared } from "../../probes/network-intent/expected.ts";
import type { PodEnd, Policy, PolicySpec } from "../../probes/network/policy.ts";
import { expectedOf, selects } from "../../probes/network/semantics.ts";

const environments = ["local", "kind", "oke-staging", "oke-production"] as const;
const chart = join(projectRoot, "helm", "network-policies");
const now = new Date();
const addresses = { "peers.nodes.cidrs": ["10.0.10.0/24"], "peers.api-server.cidrs": ["10.0.0.2/32"] };
const selector = z.object({ matchLabels: z.record(z.string(), z.string()).optional() });
let helm: Program;

beforeAll(async () => {
  const found = await helmProgram();
  if (found === undefined) throw new Error("no Helm: 'oke-proof up' builds it");
  helm = found;
});

const peer = z.object({
  podSelector: selector.optional(),
  namespaceSelector: selector.optional(),
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).optional() }).optional(),
});
const ports = z.array(z.object({ protocol: z.enum(["TCP", "UDP"]), port: z.int() })).optional();
const specShape = z.object({
  podSelector: selector,
  policyTypes: z.array(z.enum(["Ingress", "Egress"])),
  ingress: z.array(z.object({ from: z.array(peer).min(1), ports })).optional(),
  egress: z.array(z.object({ to: z.array(peer).min(1), ports })).optional(),
});
const networkPolicy = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  // As it stands: a parsed copy would hold undefined where the evaluator wants nothing at all.
  spec: z.custom<PolicySpec>((value) => specShape.safeParse(value).success),
});

async function policiesOf(environment: (typeof environments)[number]): Promise<readonly Policy[]> {
  const release = {
    name: "network-policies",
    namespace: "oke-proof",
    chart,
    values: [join(chart, `values-${environment}.yaml`)],
    set: addresses,
  };
  return (await manifestsOf(release)).map((manifest) => {
    const found = networkPolicy.parse(manifest);
    return { ...found.metadata, spec: found.spec };
  });
}

async function manifestsOf(release: Parameters<typeof renderRelease>[1]): Promise<readonly Manifest[]> {
  const rendered = await renderRelease(helm, release, now);
  if (!rendered.ok) throw new Error(rendered.why);
  return rendered.value;
}

async function declarationOf(environment: (typeof environments)[number]): Promise<Declaration> {
  const reading = await readDeclaration(networkIntentOf(environment).declaration, now);
  if (!reading.ok) throw new Error(reading.why);
  return reading.value;
}

/** A pod of each peer, in its first namespace. */
function podsOf({ peers }: Declaration): readonly PodEnd[] {
  return Object.entries(peers).flatMap(([id, one]) => {
    if (!("pods" in one) || id === "connection-probers") return [];
    const namespace = one.namespace ?? one.namespaces?.[0] ?? "";
    const namespaceLabels = { "kubernetes.io/metadata.name": namespace };
    return [{ kind: "pod", id, namespace, namespaceLabels, labels: one.pods, ports: [] } as const];
  });
}

test.each(environments)(
  "with the values of %s the policies open what is declared, and nothing else",
  async (environment) => {
    const [policies, declaration] = await Promise.all([policiesOf(environment), declarationOf(environment)]);
    const pods = podsOf(declaration);
    // Besides those that lead to a pod, one that nothing leads to.
    const portsTo = new Map(
      pods.map(({ id }) => [
        id,
        [
          ...new Set(
            Object.values(declaration.connections).flatMap((one) => (one.to.includes(id) ? (one.ports ?? []) : [])),
          ),
          1,
        ],
      ]),
    );
    const differing = pods.flatMap((from) =>
      pods
        // A pod reaches itself, whatever is declared.
        .filter((to) => to.id !== from.id)
        .flatMap((to) =>
          (portsTo.get(to.id) ?? [])
            .filter((port) => {
              const target = { name: to.id, host: to.id, port, peer: { name: to.id, port } };
              const isOpen = expectedOf(policies, { from, to, protocol: "TCP", port }, "enforced") === "open";
              return isOpen !== isDeclared(declaration, from.id, target);
            })
            .map((port) => `${from.id} to ${to.id}:${port}`),
        ),
    );
    expect(differing).toEqual([]);
    expect(pods.length).toBeGreaterThan(40);
  },
);

const template = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) });
const workload = z.union([
  z.object({ spec: z.object({ template }) }).transform(({ spec }) => spec.template),
  z
    .object({ spec: z.object({ jobTemplate: z.object({ spec: z.object({ template }) }) }) })
    .transform(({ spec }) => spec.jobTemplate.spec.template),
]);
const kinds = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]);
/** Pods that nothing is declared for, on purpose; the truth table's have policies of their own. */
const strangers = new Set(["connects-as-health-stranger", "connects-as-todo-stranger"]);

test.each(["oke-staging", "oke-production"] as const)(
  "every pod of the charts of %s has a policy of its own",
  async (environment) => {
    const policies = await policiesOf(environment);
    const namespaces = new Set(policies.map(({ namespace }) => namespace));
    const releases = builtInPlan(environment).releases;
    const all = (await Promise.all(releases.map(async (one) => ({ one, found: await manifestsOf(one) })))).flatMap(
      ({ one, found }) =>
        found.map((manifest) => ({ manifest, namespace: manifest.metadata.namespace ?? one.namespace })),
    );
    const found = all
      .filter(({ manifest, namespace }) => kinds.has(manifest.kind) && namespaces.has(namespace))
      .map(({ manifest, namespace }) => {
        const { labels } = workload.parse(manifest).metadata;
        const own = policies.filter(
          (policy) =>
            policy.namespace === namespace && selects(policy.spec.podSelector, labels) && policy.name !== "default",
        );
        return {
          name: manifest.metadata.name,
          own: own.map(({ name }) => name).filter((name) => name !== "connection-probers"),
        };
      });
    expect(found.filter(({ name, own }) => own.length !== (strangers.has(name) ? 0 : 1))).toEqual([]);
    expect(found.length).toBeGreaterThan(30);
  },
);
