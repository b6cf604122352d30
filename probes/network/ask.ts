/** What a network prober reaches: one question to it carries all its cells. */
import { z } from "zod";
import { unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import type { Cell } from "./cells.ts";

const outcome = z.enum(["open", "unanswered", "refused", "timeout", "dns", "error"]);
const answer = z.object({
  id: z.int().min(0),
  outcome,
  answeredBy: z.string().max(500).optional(),
  detail: z.string().max(2000).optional(),
  ms: z.number().min(0),
});
const reply = z.object({
  pod: z.string().min(1),
  nonce: z.string().min(1),
  instance: z.string().min(1),
  answers: z.array(answer).max(512),
});

/** What came of one try; the prober's own classes (environments/local/toolchain/network-prober/probe.go). */
export type Tried = Readonly<z.output<typeof answer>>;

/** What a prober says of one question. */
export type Told = {
  /** Another one than before: the prober was started anew in between. */
  readonly instance: string;
  /** By the place of the cell in the table. */
  readonly tried: ReadonlyMap<number, Tried>;
  /** Of its own ports, asked through its own loopback: whether it answers at all. By `tcp 8080`. */
  readonly own: ReadonlyMap<string, Tried>;
};

export type Source = {
  readonly id: string;
  /** Path of its control port behind the API server's proxy. */
  readonly proxy: string;
};

export type Question = {
  readonly nonce: string;
  readonly timeoutMs: number;
  readonly cells: readonly Cell[];
  /** Ports that it answers on itself. */
  readonly ports: readonly number[];
  /** What the cluster's name servers are asked for, with the dot at the end. */
  readonly name: string;
};

/** Own ports are numbered from here: no table has as many cells. */
const ownFrom = 100_000;
/** What the way there and back may take on a busy cluster, beyond the tries themselves. */
const wayMs = 4_000;

/** Asks one prober. `ok: false` where it does not answer, leaves something out, or answers for another pod or question. */
export async function askSource(cluster: Cluster, source: Source, question: Question): Promise<Reading<Told>> {
  const { nonce, timeoutMs, cells, ports, name } = question;
  const own = ports.flatMap((port) => (["tcp", "udp"] as const).map((kind) => ({ kind, port })));
  const targets = [
    ...cells.map(({ id, kind, to, port }) => ({ id, kind, port, address: kind === "dns" ? name : (to.address ?? "") })),
    ...own.map(({ kind, port }, index) => ({ id: ownFrom + index, kind, port, address: "127.0.0.1" })),
  ];
  const body = { nonce, timeoutMs, targets };
  const answered = await cluster.postJson(`${source.proxy}/probe`, body, reply, { requestMs: timeoutMs + wayMs });
  if (!answered.ok) return answered;
  const { value, at } = answered;
  const strange = (why: string): Reading<Told> => unread(`prober ${source.id} ${why}`, answered.source, new Date(at));
  if (value.pod !== source.id) return strange(`answers as ${value.pod}`);
  if (value.nonce !== nonce) return strange("answers another question");
  const byId = new Map(value.answers.map((one) => [one.id, one] as const));
  const missing = targets.filter(({ id }) => !byId.has(id)).length;
  if (missing > 0) return strange(`left ${missing} of ${targets.length} tries out`);
  const ownTried = own.flatMap(({ kind, port }, index) => {
    const one = byId.get(ownFrom + index);
    return one === undefined ? [] : [[`${kind} ${port}`, one] as const];
  });
  return { ...answered, value: { instance: value.instance, tried: byId, own: new Map(ownTried) } };
}
