/** argocd-applications-synced and git-push-deploys: what Argo CD says, what the repositories say, and what a push leads to. One after the other, since a push is a moment out of step. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { pushVersion } from "../../fixtures/git-push.ts";
import { poll } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { readApplications, type Application } from "../../probes/argocd/applications.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { GitAccess } from "../../probes/git/git.ts";
import { readHead } from "../../probes/git/heads.ts";
import { readAuthority } from "../../probes/http/authority.ts";
import { resolveEndpoints } from "../../probes/http/endpoints.ts";
import { request } from "../../probes/http/request.ts";
import { check, type CheckContext } from "../check.ts";
import { isSteady, judgeApplications, judgePush } from "./delivery.judge.ts";

const repositoriesAtOnce = 4;
const everyMs = 1_000;
const steadyMsMax = 30_000;
const gitMsMax = 20_000;

check("argocd-applications-synced", async ({ cluster, profile, signal }) => {
  const { delivery } = profile;
  const applications = await readApplications(cluster, delivery.namespace);
  const found = applications.ok ? applications.value : [];
  const heads = await fewAtATime(
    found,
    repositoriesAtOnce,
    async (one) => [one.name, await headOf(one, profile, signal)] as const,
  );
  const known = heads.flatMap(([name, head]) => (head === undefined ? [] : [[name, head] as const]));
  return judgeApplications({ applications, heads: new Map(known) }, delivery, new Date());
});

check("git-push-deploys", async (context) => {
  const { profile, signal } = context;
  const { application, file, deployedWithinSeconds } = profile.delivery.canary;
  const limit = { application, secondsMax: deployedWithinSeconds };
  const permitted = profile.permits.disturbances.includes("rollout");
  const before = await canaryApplication(context);
  const answered = await answeringVersion(profile, signal);
  const { repository, branch } = before.ok ? before.value : {};
  if (!permitted || !before.ok || !isSteady(before.value) || !answered.ok || repository === undefined) {
    return judgePush({ permitted, before, answered }, limit);
  }
  const version = `v-${randomBytes(8).toString("hex")}`;
  const pushed = await pushVersion(accessOf(repository, profile, signal), { branch: branch ?? "HEAD", file, version });
  if (!pushed.ok) return judgePush({ permitted, before, answered, pushed }, limit);
  const delivered = await untilAnswers(profile, signal, version);
  // It ends as it began: the next look shall find the application at rest.
  const arrived = delivered.ok && delivered.value.version === version;
  const after = arrived ? await untilSteady(context, pushed.value.commit) : await canaryApplication(context);
  return judgePush({ permitted, before, answered, pushed, delivered, after }, limit);
});

async function headOf(one: Application, profile: Profile, signal: AbortSignal): Promise<Reading<string> | undefined> {
  if (one.repository === undefined) return undefined;
  return readHead(accessOf(one.repository, profile, signal), one.branch ?? "HEAD");
}

function accessOf(repository: string, { delivery, ingress }: Profile, signal: AbortSignal): GitAccess {
  const other = delivery.repositories.find(({ known }) => known === repository);
  const { address, tokenFile } = delivery;
  return {
    url: other?.reached ?? repository,
    ...(address === undefined || other === undefined ? {} : { address }),
    ...(ingress.caFile === undefined || other === undefined ? {} : { caFile: ingress.caFile }),
    ...(tokenFile === undefined ? {} : { tokenFile }),
    timeoutMs: gitMsMax,
    signal,
  };
}

async function canaryApplication({ cluster, profile }: CheckContext): Promise<Reading<Application>> {
  const { namespace, canary } = profile.delivery;
  const applications = await readApplications(cluster, namespace);
  if (!applications.ok) return applications;
  const found = applications.value.find(({ name }) => name === canary.application);
  if (found !== undefined) return { ...applications, value: found };
  return unread(`application ${canary.application} does not exist in ${namespace}`, applications.source, new Date());
}

const versionAnswer = z.object({ version: z.string().min(1) });

/** What the canary says through the first address of the ingress that its name leads to. */
async function answeringVersion(profile: Profile, signal: AbortSignal): Promise<Reading<string>> {
  const { ingress, delivery, timeouts } = profile;
  const { host, path } = delivery.canary;
  const source = `https://${host}${path}`;
  const authority = await readAuthority(ingress.caFile);
  if (!authority.ok) return authority;
  const [address] = ingress.https;
  if (address === undefined) return unread("the profile has no address of the ingress", source, new Date());
  const timeoutMs = timeouts.requestMs;
  const endpoints = await resolveEndpoints(address, { timeoutMs, signal });
  if (!endpoints.ok) return endpoints;
  const [endpoint] = endpoints.value;
  if (endpoint === undefined) return unread(`${address.host} has no address`, source, new Date());
  const answer = await request({ endpoint, host, path, authority: authority.value, timeoutMs, signal });
  if (!answer.ok) return answer;
  const said = answer.value.kind === "answered" ? `status ${answer.value.status}` : "no answer";
  const text = answer.value.kind === "answered" && answer.value.status === 200 ? answer.value.body : "";
  const parsed = versionAnswer.safeParse(jsonOf(text));
  return parsed.success
    ? read(parsed.data.version, answer.source, new Date())
    : unread(`GET ${answer.source}: ${said}, and no version`, answer.source, new Date());
}

function jsonOf(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
}

/** Looks until the version answers or the limit is over. A look that gets no version is "not yet": a rollout may be under way. */
async function untilAnswers(
  profile: Profile,
  signal: AbortSignal,
  version: string,
): Promise<Reading<{ readonly version: string; readonly afterSeconds: number }>> {
  let last: Reading<string> = unread("it was not looked", version, new Date());
  const timeoutMs = profile.delivery.canary.deployedWithinSeconds * 1000;
  const polled = await poll<true>(
    async () => {
      const seen = await answeringVersion(profile, signal);
      // The last version that really answered: an ingress that is gone at the end is another matter.
      if (seen.ok || !last.ok) last = seen;
      return seen.ok && seen.value === version
        ? { state: "yes", value: true }
        : { state: "not yet", seen: seen.ok ? seen.value : seen.why };
    },
    { what: `version ${version}`, timeoutMs, everyMs, signal },
  );
  if (!last.ok) return last;
  if (signal.aborted) return unread("the check's time was over before the limit was", last.source, new Date());
  return read({ version: last.value, afterSeconds: polled.elapsedMs / 1000 }, last.source, new Date());
}

async function untilSteady(context: CheckContext, commit: string): Promise<Reading<Application>> {
  let last: Reading<Application> = unread("it was not looked", commit, new Date());
  await poll<true>(
    async () => {
      last = await canaryApplication(context);
      const steady = last.ok && isSteady(last.value) && last.value.revision === commit;
      return steady ? { state: "yes", value: true } : { state: "not yet", seen: last.ok ? last.value.sync : last.why };
    },
    { what: `the application at ${commit}`, timeoutMs: steadyMsMax, everyMs, signal: context.signal },
  );
  return last;
}
