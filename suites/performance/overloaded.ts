/** overload-degrades-gracefully: a short surge of uploads and lists, every accepted upload looked for afterwards, and the way back watched. */
import type { Profile } from "../../environments/profile.ts";
import { overload, surgeRate } from "../../fixtures/faults/overload.ts";
import type { Making } from "../../fixtures/faults/made-by-trial.ts";
import { surge, type Arrival } from "../../fixtures/load/surge.ts";
import { newMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { read, unread, type Fact, type Reading } from "../../harness/verdict.ts";
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

const looksBefore = 5;
const askedAtOnce = 4;
/** Of deletions, a hundred records each: more than a surge can upload. */
const roundsMax = 100;

type Context = { readonly profile: Profile; readonly run: { readonly id: string }; readonly signal: AbortSignal };

export type Overloading = {
  readonly making: Making;
  /** Undefined until the platform was looked at afterwards. */
  readonly readings: () => OverloadReadings | undefined;
};

/** Looks, surges where the looks were right, watches, looks for what was accepted, and takes all of it away. */
export function overloading(
  { profile, run }: Pick<Context, "profile" | "run">,
  recoverySecondsMax: number,
): Overloading {
  const kind = newMark(run.id);
  // What is put back is put back though the run was interrupted.
  const lasting: Context = { profile, run, signal: new AbortController().signal };
  let people: readonly Identity[] = [];
  let surgeMade: { readonly made: SurgeRun; readonly before: readonly SteadyLook[] } | undefined;
  let readings: OverloadReadings | undefined;
  let cut: AbortSignal | undefined;
  return {
    making: {
      async inject(signal) {
        cut = signal;
        const opened = await openPeople(profile, signal);
        if (!opened.ok) throw new Error(`nobody could ask: ${opened.why}`);
        people = opened.value;
        const ask = await steadyRequest(profile, signal);
        const before = await looked(ask, { count: looksBefore, seconds: looksBefore * 2, signal });
        const wrong = before.filter(({ right }) => !right).length;
        if (wrong > 0) throw new Error(`${wrong} of ${before.length} requests before the surge were not answered`);
        surgeMade = { before, made: await surged({ profile, run, signal }, people, kind) };
      },
      felt: async () =>
        surgeMade === undefined
          ? unread("no surge was made", profile.health.host, new Date())
          : notAnsweredOf(surgeMade.made),
      async remove() {
        try {
          if (surgeMade === undefined || readings !== undefined || cut?.aborted === true) return;
          const { before, made } = surgeMade;
          const watched = recoverySecondsMax + 10;
          const ask = await steadyRequest(profile, lasting.signal);
          const after = await looked(ask, { count: watched, seconds: watched, signal: lasting.signal });
          const kept = await lookedFor(lasting, people, kind, made.accepted);
          readings = { before, surge: read(made, made.source, new Date(made.endedAt)), after, kept };
        } finally {
          await removed(lasting, people, kind);
        }
      },
    },
    readings: () => readings,
  };
}

/** A surge that is answered in full was not beyond the platform's size. */
function notAnsweredOf({ answers, source, endedAt }: SurgeRun): Reading<Fact> {
  const value = answers.filter(({ outcome }) => outcome !== "right").length;
  if (value === 0) return unread("all was answered: the platform was not overloaded", source, new Date(endedAt));
  const what = "answers of the surge that were refusals, or neither right nor a refusal";
  const fact = { what, value, unit: "requests", limit: "at least 1", samples: answers.length };
  return read({ ...fact, source, at: endedAt }, source, new Date(endedAt));
}

async function surged({ profile, signal }: Context, people: readonly Identity[], kind: string): Promise<SurgeRun> {
  const { endpoint, authority } = turnOf(people, 0).session;
  const { host } = profile.health;
  const path = "/api/v1/records";
  const asked = {
    endpoint,
    authority,
    ratePerSecond: surgeRate(profile),
    seconds: overload.seconds,
    atOnceMax: overload.atOnceMax,
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
