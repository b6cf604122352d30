/** Calls through Dapr: they reach the application they name, and only somebody with a certificate of Dapr's is let in. */
import { conclude, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Invoked } from "../../probes/dapr-prober/sidecar.ts";

export type Call = { readonly app: string; readonly invoked: Reading<Invoked> };

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

/**
 * Every application was called `samplesMin` times: it answered with its own name; its sidecar showed a certificate of just this
 * application, and spoke neither with a caller without a certificate nor in clear text, beside a call that went through.
 */
export function judgeCalls(
  calls: readonly Call[],
  wanted: { readonly apps: readonly string[]; readonly namespace: string; readonly samplesMin: number },
): Verdict {
  const judged = calls.map((call) => ({ app: call.app, ...judgeCall(call, wanted.namespace) }));
  const tried = judged.filter(({ gaps }) => gaps.length === 0);
  const faults = judged.flatMap((one) => one.faults);
  const { source = "the sidecar", at = "" } = calls.at(-1)?.invoked ?? {};
  const fewest = wanted.apps.map((app) => ({ app, count: judged.filter((one) => one.app === app).length }));
  return conclude({
    faults,
    gaps: [
      ...judged.flatMap(({ gaps }) => gaps),
      ...(wanted.apps.length === 0 ? ["the profile names no application"] : []),
      ...fewest
        .filter(({ count }) => count < wanted.samplesMin)
        .map(({ app, count }) => `${app} was called ${count} times, fewer than ${wanted.samplesMin}`),
    ],
    facts:
      tried.length === 0
        ? []
        : [
            {
              what: "calls that failed, reached another service or went without mutual TLS",
              value: tried.filter((one) => one.faults.length > 0).length,
              unit: "calls",
              limit: `0 of ${tried.length}`,
              source,
              at,
              samples: Math.min(...fewest.map(({ count }) => count)),
            },
          ],
    held: `all ${calls.length} calls reached the application they named, over mutual TLS`,
  });
}

function judgeCall({ app, invoked }: Call, namespace: string): Judged {
  if (!invoked.ok) return { faults: [], gaps: [`calling ${app}: ${invoked.why}`] };
  const { invoked: answer, peer } = invoked.value;
  const faults: string[] = [];
  const gaps: string[] = [];
  if (answer.status !== 200) faults.push(`a call to ${app} failed with ${answer.status}`);
  else if (answer.backend !== app) faults.push(`a call to ${app} was answered by '${answer.backend}'`);
  if (peer.withoutCertificate.spoke) faults.push(`the sidecar of ${app} speaks with a caller without a certificate`);
  if (peer.inClearText.spoke) faults.push(`the sidecar of ${app} speaks in clear text`);
  const identity = `URI:spiffe://public/ns/${namespace}/${app}`;
  const names = peer.names.split(", ").filter((name) => name !== "");
  if (names.length === 0) gaps.push(`the sidecar of ${app} showed no certificate: ${peer.withoutCertificate.how}`);
  else if (!names.includes(identity)) faults.push(`the sidecar of ${app} showed the certificate of ${peer.names}`);
  const silent = [peer.withoutCertificate, peer.inClearText].filter(({ spoke, how }) => !spoke && isSilence(how));
  gaps.push(...silent.map(({ how }) => `whether the sidecar of ${app} lets anybody in cannot be told: ${how}`));
  // Where the call itself failed that is what there is to say; who stands at the port may then be nobody.
  return faults.length > 0 ? { faults, gaps: [] } : { faults, gaps };
}

/** A knock that nobody answered, or that reached nobody: somebody who turns a caller away closes the connection or says so. */
function isSilence(how: string): boolean {
  return /^(no word within|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/.test(how);
}
