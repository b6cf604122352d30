/** overload-degrades-gracefully: a short surge of uploads and lists, every accepted upload looked for afterwards, and the way back watched. */
import type { Profile } from "../../environments/profile.ts";
import { surge, type Arrival } from "../../fixtures/load/surge.ts";
import { newMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { healthClient } from "../../probes/health-api/client.ts";
import type { Accepted, SurgeRun } from "../../probes/load/surge-run.ts";
import { request } from "../../probes/http/request.ts";
import { openPeople, type Identity } from "../../probes/tenants/people.ts";
import { recordsListed, uploaded } from "./k6/answers.ts";
import { turnOf } from "./k6/visit.ts";
import type { OverloadReadings, SteadyLook } from "./overload.judge.ts";
import { idsOf } from "./searches.ts";
import { steadyRequest } from "./steady-request.ts";

/** How hard and how long. Times the users of the roadmap: enough for any platform of its size, and over before anything runs full. */
const rateFactor = 6;
const seconds = 25;
/** More connections than the roadmap's users have, and fewer than a machine has ports. */
const atOnceMax = 800;
const looksBefore = 5;
const askedAtOnce = 4;
/** Of deletions, a hundred records each: more than a surge can upload. */
const roundsMax = 100;

type Context = { readonly profile: Profile; readonly run: { readonly id: string }; readonly signal: AbortSignal };

/** Requests a second that the roadmap's users make on the plateau. */
export function usualRate({ load }: Pick<Profile, "load">): number {
  return load.usersPlateau / load.thinkSeconds;
}

/** Looks, surges where the looks were right, watches, looks for what was accepted, and takes all of it away. @throws Error where nothing could be asked at all */
export async function overload(context: Context, recoverySecondsMax: number): Promise<OverloadReadings> {
  const { profile, signal } = context;
  const people = await openPeople(profile, signal);
  const never = (why: string): Reading<never> => unread(why, profile.health.host, new Date());
  if (!people.ok) return { before: [], surge: people, after: [], kept: people };
  const ask = await steadyRequest(profile, signal);
  const before = await looked(ask, { count: looksBefore, seconds: looksBefore * 2, signal });
  if (before.some(({ right }) => !right)) {
    const unsteady = never("the platform was not steady before: no surge was made");
    return { before, surge: unsteady, after: [], kept: unsteady };
  }
  const kind = newMark(context.run.id);
  const made = await surged(context, people.value, kind);
  const after = await looked(ask, { count: recoverySecondsMax + 10, seconds: recoverySecondsMax + 10, signal });
  const kept = await lookedFor(context, people.value, kind, made.accepted);
  await removed(context, people.value, kind);
  return { before, surge: read(made, made.source, new Date(made.endedAt)), after, kept };
}

async function surged({ profile, signal }: Context, people: readonly Identity[], kind: string): Promise<SurgeRun> {
  const { endpoint, authority } = turnOf(people, 0).session;
  const { host } = profile.health;
  const path = "/api/v1/records";
  const asked = {
    endpoint,
    authority,
    ratePerSecond: Math.ceil(rateFactor * usualRate(profile)),
    seconds,
    atOnceMax,
    timeoutMs: profile.timeouts.requestMs,
    signal,
  };
  return surge(asked, (index): Arrival => {
    const { name: user, headers } = turnOf(people, Math.floor(index / 2));
    if (index % 2 === 1)
      return {
        name: `GET ${path}`,
        method: "GET",
        host,
        path: `${path}?limit=20`,
        headers,
        isRight: (answer) => recordsListed(answer) === true,
      };
    const sent = { kind, value: index, unit: "bpm", measuredAt: new Date().toISOString() };
    return {
      name: `POST ${path}`,
      method: "POST",
      host,
      path,
      headers,
      json: sent,
      isRight: (answer) => uploaded(answer, sent) !== undefined,
      made(body) {
        const id = uploaded({ status: 201, body }, sent)?.id;
        return id === undefined ? undefined : { id, user, value: index };
      },
    };
  });
}

/** One look a second. */
async function looked(
  ask: () => Promise<boolean>,
  bounds: { readonly count: number; readonly seconds: number; readonly signal: AbortSignal },
): Promise<readonly SteadyLook[]> {
  const looks: SteadyLook[] = [];
  await poll(
    async () => {
      const at = new Date().toISOString();
      const beganMs = performance.now();
      const right = await ask().catch(() => false);
      looks.push({ at, right, durationMs: performance.now() - beganMs });
      return looks.length >= bounds.count
        ? { state: "yes", value: undefined }
        : { state: "not yet", seen: `${looks.length} looks` };
    },
    { what: "looks at the platform", timeoutMs: bounds.seconds * 1000, everyMs: 1_000, signal: bounds.signal },
  );
  return looks;
}

/** Each accepted upload, as the user who made it. Once the platform is itself again: an error is no answer of it, and no write is called lost by one. */
async function lookedFor(
  { profile, signal }: Context,
  people: readonly Identity[],
  kind: string,
  accepted: readonly Accepted[],
): Promise<OverloadReadings["kept"]> {
  const found: { write: Accepted; found: boolean }[] = [];
  const why = await fewAtATime(accepted, askedAtOnce, async (write): Promise<string | undefined> => {
    const person = people.find(({ name }) => name === write.user);
    if (person === undefined) return `nobody is signed in as ${write.user}`;
    const asked = await healthClient(profile, person.session, signal).find(write.id);
    if (!asked.ok) return asked.why;
    const { value: said } = asked;
    if (said.kind === "done") {
      found.push({ write, found: said.value.kind === kind && said.value.value === write.value });
      return undefined;
    }
    if (said.kind === "refused" && said.status === 404) {
      found.push({ write, found: false });
      return undefined;
    }
    return `record ${write.id} of ${write.user} could not be asked for`;
  });
  const gap = why.find((one) => one !== undefined);
  const source = `${accepted.length} accepted uploads at ${profile.health.host}`;
  return gap === undefined ? read(found, source, new Date()) : unread(gap, source, new Date());
}

/** All of the surge's records, those too that were stored and never answered: as each user, a hundred at a time. What is left carries the run's mark. */
async function removed({ profile, signal }: Context, people: readonly Identity[], kind: string): Promise<void> {
  for (const { session, headers } of people) {
    const { endpoint, authority } = session;
    const { host } = profile.health;
    const ask = async (path: string, json: unknown): Promise<string> => {
      const asked = { endpoint, authority, host, path: `/api/v1/records/${path}`, method: "POST", json } as const;
      const answer = await request({ ...asked, headers, timeoutMs: profile.timeouts.requestMs, signal });
      return answer.ok && answer.value.kind === "answered" && answer.value.status === 200 ? answer.value.body : "";
    };
    for (let round = 0; round < roundsMax; round += 1) {
      const ids = idsOf(await ask("search", { filter: { kind }, limit: 100 }));
      if (ids.length === 0 || (await ask("bulk-delete", { ids })) === "") break;
    }
  }
}
