/** Whether a prober really stands in a workload's place: whether every policy that finds the one finds the other. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { selects } from "../network/semantics.ts";

type Place = Profile["networkIntent"]["places"][number];

const labels = z.record(z.string(), z.string()).default({});
const pod = z.object({ metadata: z.object({ name: z.string().min(1), labels }) });
const selector = z.object({
  matchLabels: labels,
  matchExpressions: z
    .array(
      z.object({
        key: z.string().min(1),
        operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
        values: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});
const policy = z.object({ metadata: z.object({ name: z.string().min(1) }), spec: z.object({ podSelector: selector }) });

type Labels = Readonly<Record<string, string>>;

const placeLabel = "oke-proof/connects-as";
/** Lets the harness ask the probers, and nobody out. */
const probersOwn = "connection-probers";

/** A sentence for each place whose prober policies treat otherwise than a pod that it stands for, and for each place that nobody is in. */
export async function readLikeness(
  cluster: Cluster,
  places: readonly Place[],
): Promise<readonly Reading<readonly string[]>[]> {
  const namespaces = [...new Set(places.map(({ namespace }) => namespace))];
  return Promise.all(
    namespaces.map(async (namespace) => {
      const within = `namespaces/${encodeURIComponent(namespace)}`;
      const [pods, policies] = await Promise.all([
        cluster.list(`/api/v1/${within}/pods?labelSelector=${encodeURIComponent(placeLabel)}`, pod),
        cluster.list(`/apis/networking.k8s.io/v1/${within}/networkpolicies`, policy),
      ]);
      if (!pods.ok) return pods;
      if (!policies.ok) return policies;
      const here = places.filter((one) => one.namespace === namespace);
      const found = policies.value.filter(({ metadata }) => metadata.name !== probersOwn);
      const unlike = here.flatMap((place) => unlikeIn(place, pods.value, found));
      return read(unlike, pods.source, new Date(pods.at));
    }),
  );
}

type Pod = Readonly<z.output<typeof pod>>;
type Policy = Readonly<z.output<typeof policy>>;

/** Pure, for its test: the sentences of one place. */
export function unlikeIn(
  { place, namespace, alone }: Place,
  pods: readonly Pod[],
  policies: readonly Policy[],
): string[] {
  const isProber = ({ metadata }: Pod): boolean => metadata.name === `connects-as-${place}-0`;
  const inPlace = pods.filter(({ metadata }) => metadata.labels[placeLabel] === place);
  const prober = inPlace.find(isProber);
  if (prober === undefined) return [`nobody takes the place of ${namespace}/${place}`];
  const meant = inPlace.filter((one) => !isProber(one));
  if (meant.length === 0 && !alone)
    return [`no pod of ${namespace} carries ${placeLabel}=${place}: its prober stands for nobody`];
  const findsProber = namesOf(policies, prober.metadata.labels);
  return meant.flatMap(({ metadata }) => {
    const differing = differenceOf(findsProber, namesOf(policies, metadata.labels));
    if (differing.length === 0) return [];
    return [
      `policy ${differing.join(", ")} treats ${namespace}/${metadata.name} otherwise than the prober in its place`,
    ];
  });
}

function namesOf(policies: readonly Policy[], of: Labels): ReadonlySet<string> {
  return new Set(policies.filter(({ spec }) => selects(spec.podSelector, of)).map(({ metadata }) => metadata.name));
}

function differenceOf(one: ReadonlySet<string>, other: ReadonlySet<string>): string[] {
  return [...one, ...other].filter((name) => !(one.has(name) && other.has(name)));
}
