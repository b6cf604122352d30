/** Records of the profile, asked from inside the cluster or at the name servers that the profile names. */
import { randomBytes } from "node:crypto";
import type { DnsRecord, Profile } from "../../environments/profile.ts";
import type { Reading, Verdict } from "../../harness/verdict.ts";
import type { DnsAnswer } from "../../probes/dns/answer.ts";
import { expectedAnswers } from "../../probes/dns/expected.ts";
import { queryDns } from "../../probes/dns/query.ts";
import type { Question } from "../../probes/dns/reply.ts";
import { resolveInCluster } from "../../probes/dns/resolver-in-cluster.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { readNodes } from "../../probes/kubernetes/nodes.ts";
import { listProbers } from "../../probes/kubernetes/proxy.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeDns, uncoveredNodes } from "./dns.judge.ts";

const questionsAtOnce = 8;

/** A place that can be asked. */
type Vantage = { readonly name: string; readonly ask: (question: Question) => Promise<Reading<DnsAnswer>> };

check("dns-in-cluster", async (context) => {
  const { vantages, gaps } = await probersOf(context);
  return askEverywhere(context, {
    records: context.profile.dns.inCluster,
    vantages,
    gaps,
    nobody: nobodyInside(context.profile),
  });
});

check("dns-ingress-hosts", async (context) => {
  const { profile, signal } = context;
  const { resolvers, records } = profile.dns.ingress;
  if (resolvers === "probers") {
    const { vantages, gaps } = await probersOf(context);
    return askEverywhere(context, { records, vantages, gaps, nobody: nobodyInside(profile) });
  }
  const timeoutMs = profile.timeouts.requestMs;
  const vantages = resolvers.map((server) => ({
    name: `name server ${server.host}:${server.port}`,
    ask: async (question: Question) => queryDns(server, question, { timeoutMs, signal }),
  }));
  // Below .invalid nothing exists by the standard (RFC 6761).
  return askEverywhere(context, { records, vantages, gaps: [], nobody: `${randomLabel()}.invalid` });
});

async function probersOf({ cluster, profile }: CheckContext): Promise<{ vantages: Vantage[]; gaps: string[] }> {
  const [probers, nodes] = await Promise.all([listProbers(cluster, profile), readNodes(cluster)]);
  const ready = probers.ok ? probers.value.filter((prober) => prober.ready) : [];
  const vantages = ready.map((prober) => ({
    name: prober.node,
    ask: async (question: Question) => resolveInCluster(cluster, profile, prober, question),
  }));
  return { vantages, gaps: uncoveredNodes(probers, nodes) };
}

async function askEverywhere(
  { cluster }: CheckContext,
  asked: {
    readonly records: readonly DnsRecord[];
    readonly vantages: readonly Vantage[];
    readonly gaps: readonly string[];
    readonly nobody: string;
  },
): Promise<Verdict> {
  const { vantages, gaps, nobody } = asked;
  const records = await fewAtATime(asked.records, questionsAtOnce, async (record) => ({
    record,
    expected: await expectedAnswers(cluster, record),
  }));
  const pairs = vantages.flatMap((vantage) => records.map((one) => ({ vantage, ...one })));
  const resolved = await fewAtATime(pairs, questionsAtOnce, async ({ vantage, record, expected }) => ({
    record,
    expected,
    vantage: vantage.name,
    reading: await vantage.ask({ name: record.name, type: record.type }),
  }));
  const controls = await fewAtATime(vantages, questionsAtOnce, async (vantage) => ({
    vantage: vantage.name,
    reading: await vantage.ask({ name: nobody, type: "A" }),
  }));
  return judgeDns({ gaps, resolved, controls });
}

/** A name beside the first in-cluster record: the cluster's own DNS answers for that zone, whatever it forwards. */
function nobodyInside({ dns }: Profile): string {
  const [, ...zone] = (dns.inCluster[0]?.name ?? "").split(".");
  return [randomLabel(), ...zone].join(".");
}

function randomLabel(): string {
  return `oke-proof-${randomBytes(6).toString("hex")}`;
}
