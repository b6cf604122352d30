/** A round with sealed secrets: sealed here with the controller's public certificate, put into the cluster by the seal prober, looked at until the controller has spoken. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { poll } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { askProber, tellProber } from "../kubernetes/proxy.ts";
import { readSelectedPods } from "../kubernetes/pods.ts";
import { whyOf } from "../why.ts";
import { altered, seal } from "./seal.ts";

/** The names that the seal prober's rights reach, by what is done to each. */
const names = {
  sound: "oke-proof-sealed-sound",
  altered: "oke-proof-sealed-altered",
  moved: "oke-proof-sealed-moved",
} as const;

const certificateAnswer = z.object({ certificate: z.string().min(1) });
const putAnswer = z.object({ namespace: z.string().min(1), put: z.array(z.string()) });
const statesAnswer = z.object({
  states: z.array(
    z.object({
      name: z.string().min(1),
      synced: z.enum(["True", "False", "Unknown"]).optional(),
      message: z.string().optional(),
      secret: z.base64().optional(),
    }),
  ),
});

/** What became of one sealed secret. */
export type SealedOutcome = {
  readonly name: string;
  /** What the controller says; absent where it said nothing in time. */
  readonly synced?: "True" | "False" | "Unknown";
  readonly message?: string;
  /** What the secret of its name holds, in clear; absent where there is no such secret. */
  readonly content?: string;
};

export type SealedRound = {
  readonly sound: SealedOutcome;
  /** One bit of its content was turned. */
  readonly altered: SealedOutcome;
  /** Sealed for another name, and put under this one. */
  readonly moved: SealedOutcome;
  /** How long the controller was given, or how long it took. */
  readonly waitedMs: number;
};

const everyMs = 500;
const waitMsMost = 20_000;

/**
 * Seals a word three times and says what became of each. `ok: false` where the prober, the certificate or the API server did not do its
 * part; a controller that says nothing within 20 s is an outcome. Leaves nothing behind where the prober still answers.
 * @param sealed.word only the harness knows it: nobody can give it back who did not open what was sealed
 * @param sealed.mark of the run (harness/mark.ts), for the label of what is put there
 * @param waitMsMax how long the controller is given
 */
export async function readSealedRound(
  cluster: Cluster,
  profile: Pick<Profile, "prober">,
  sealed: { readonly word: string; readonly mark: string },
  waitMsMax = waitMsMost,
): Promise<Reading<SealedRound>> {
  const found = await readyProber(cluster, profile);
  if (!found.ok) return found;
  const pod = found.value;
  const certificate = await askProber(cluster, profile, pod, "/certificate", certificateAnswer);
  if (!certificate.ok) return certificate;
  const put = (list: readonly Put[]): Promise<Reading<z.output<typeof putAnswer>>> =>
    tellProber(cluster, profile, pod, { path: "/sealed", body: { run: sealed.mark, sealed: list } }, putAnswer);
  const emptied = await put([]);
  if (!emptied.ok) return emptied;
  const asked = { cluster, profile, pod, waitMsMax };
  const gone = await untilGone(asked);
  if (!gone.ok) return gone;
  const made = sealAll(certificate.value.certificate, emptied.value.namespace, sealed.word);
  if (!made.ok) return made;
  const stands = await put(made.value);
  const round = stands.ok ? await untilSpoken(asked) : stands;
  // What stays where this is not answered is taken away by the next round.
  await put([]);
  return round;
}

async function readyProber(cluster: Cluster, profile: Pick<Profile, "prober">): Promise<Reading<string>> {
  const { namespace } = profile.prober;
  const pods = await readSelectedPods(cluster, { namespace, selector: "app.kubernetes.io/name=seal-prober" });
  if (!pods.ok) return pods;
  const ready = pods.value.find((pod) => pod.ready && pod.deletedAt === undefined);
  if (ready !== undefined) return read(ready.name, pods.source, new Date());
  return unread(`no seal prober is ready in ${namespace} (helm/harness-access brings it)`, pods.source, new Date());
}

type Put = { readonly name: string; readonly ciphertext: string };

function sealAll(certificate: string, namespace: string, word: string): Reading<readonly Put[]> {
  const source = "the controller's certificate";
  try {
    const forName = (name: string): string => seal(certificate, word, { namespace, name });
    const all = [
      { name: names.sound, ciphertext: forName(names.sound) },
      { name: names.altered, ciphertext: altered(forName(names.altered)) },
      { name: names.moved, ciphertext: forName(names.sound) },
    ];
    return read(all, source, new Date());
  } catch (error) {
    return unread(`sealing with the controller's certificate: ${whyOf(error)}`, source, new Date());
  }
}

/** Whom a round asks, and for how long. */
type Asked = {
  readonly cluster: Cluster;
  readonly profile: Pick<Profile, "prober">;
  readonly pod: string;
  readonly waitMsMax: number;
};

type States = z.output<typeof statesAnswer>["states"];

/** A secret of an earlier round must not pass for one of this. */
async function untilGone(asked: Asked): Promise<Reading<true>> {
  const { last, polled } = await look(asked, (states) => {
    const left = states.filter(({ synced, secret }) => synced !== undefined || secret !== undefined);
    return left.map(({ name }) => `${name} is still there`);
  });
  if (!last.ok) return last;
  if (polled.ok) return read(true, last.source, new Date());
  return unread(`emptying before the round: ${polled.why}`, last.source, new Date());
}

async function untilSpoken(asked: Asked): Promise<Reading<SealedRound>> {
  const { last, polled } = await look(asked, (states) =>
    Object.values(names).flatMap((name) => {
      const synced = states.find((state) => state.name === name)?.synced;
      return synced === undefined ? [`nothing is said of ${name}`] : [];
    }),
  );
  if (!last.ok) return last;
  const outcome = (name: string): SealedOutcome => outcomeOf(name, last.value);
  const round = {
    sound: outcome(names.sound),
    altered: outcome(names.altered),
    moved: outcome(names.moved),
    waitedMs: Math.round(polled.elapsedMs),
  };
  return read(round, last.source, new Date());
}

/** Looks until nothing is missing or the time is over; the last look counts. */
async function look(
  { cluster, profile, pod, waitMsMax }: Asked,
  missing: (states: States) => readonly string[],
): Promise<{ readonly last: Reading<States>; readonly polled: Awaited<ReturnType<typeof poll<true>>> }> {
  let last: Reading<States> = unread("it was not looked", pod, new Date());
  const polled = await poll<true>(
    async () => {
      const answer = await askProber(cluster, profile, pod, "/sealed", statesAnswer);
      last = answer.ok ? { ...answer, value: answer.value.states } : answer;
      if (!answer.ok) return { state: "not yet", seen: answer.why };
      const [first] = missing(answer.value.states);
      return first === undefined ? { state: "yes", value: true } : { state: "not yet", seen: first };
    },
    { what: "the sealed secrets", timeoutMs: waitMsMax, everyMs },
  );
  return { last, polled };
}

function outcomeOf(name: string, states: States): SealedOutcome {
  const { synced, message, secret } = states.find((state) => state.name === name) ?? {};
  return {
    name,
    ...(synced === undefined ? {} : { synced }),
    ...(message === undefined || message === "" ? {} : { message }),
    ...(secret === undefined ? {} : { content: Buffer.from(secret, "base64").toString("utf8") }),
  };
}
