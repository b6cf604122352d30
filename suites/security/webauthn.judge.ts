/** Registration and login by WebAuthn, and sessions that the services accept until they are revoked. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import type { Met } from "../../probes/tokens/met.ts";

/** A step of a ceremony, which must succeed. */
export type Step = { readonly step: string; readonly asked: Asked<unknown> };

/** What a service answered to a token. */
export type Shown = { readonly service: string; readonly met: Reading<Met> };

/** A session's end: its renewal afterwards, and how long each service went on accepting its token. */
export type Revoked = {
  readonly refreshed: Asked<unknown>;
  /** The last answer of each service to the token of the ended session, and seconds since its end. */
  readonly refusals: readonly (Shown & { readonly seconds: number })[];
  /** The answers to another session of the same user, afterwards. */
  readonly others: readonly Shown[];
};

/** What one new user went through, in this order; what follows a step that was not done is absent. */
export type Round = {
  readonly user: string;
  readonly steps: readonly Step[];
  readonly accepted?: readonly Shown[];
  readonly revoked?: Revoked;
};

type Weighed = { readonly fault?: string; readonly gap?: string };

/**
 * Fails for each step of registration, login and logout that is refused; for each service that refuses a session's token while it lives; and
 * for each that accepts it later than `revokedWithinSeconds` after its end. A refusal counts only where another session of the same user is
 * accepted at the same service afterwards: else it may be a refusal of everybody.
 * @param limits.samplesMin rounds in a row, each with a new user
 */
export function judgeAuthentication(
  rounds: readonly Round[],
  limits: { readonly samplesMin: number; readonly revokedWithinSeconds: number },
): Verdict {
  const { samplesMin, revokedWithinSeconds } = limits;
  const weighed = rounds.flatMap((round): readonly Weighed[] => [
    ...round.steps.map(weighStep),
    ...(round.accepted ?? []).map((shown) => weighAccepted(shown, "a session that lives")),
    ...(round.revoked === undefined ? [] : weighRevoked(round.revoked, revokedWithinSeconds)),
    ...(round.revoked === undefined && round.steps.every(({ asked }) => isDone(asked))
      ? [{ gap: `no session of ${round.user} was revoked` }]
      : []),
  ]);
  const complete = rounds.filter(({ revoked }) => revoked !== undefined).length;
  const few = complete < samplesMin ? [`${complete} users in a row, where ${samplesMin} are asked for`] : [];
  return conclude({
    faults: [...new Set(weighed.flatMap(({ fault }) => fault ?? []))],
    gaps: [...new Set(weighed.flatMap(({ gap }) => gap ?? [])), ...few],
    facts: rounds.flatMap((round) => factsOf(round, complete, revokedWithinSeconds)),
    held: `${complete} new users in a row registered and logged in; their sessions were accepted until they were revoked, and refused within ${revokedWithinSeconds} s`,
  });
}

function weighStep({ step, asked }: Step): Weighed {
  if (!asked.ok) return { gap: `${step}: ${asked.why}` };
  const { value } = asked;
  if (value.kind === "done") return {};
  if (value.kind === "refused") return { fault: `${step} was refused with ${value.status} (${value.said})` };
  return { fault: `${step} was ${value.kind}: ${value.why}` };
}

function weighAccepted({ service, met }: Shown, whose: string): Weighed {
  if (!met.ok) return { gap: met.why };
  const { status, backend } = met.value;
  if (status === 200 && backend === service) return {};
  if (status >= 500) return { gap: `${service} answered ${status} to the token of ${whose}` };
  return { fault: `${service} did not accept the token of ${whose}: ${status} from ${backend ?? "nobody known"}` };
}

function weighRevoked({ refreshed, refusals, others }: Revoked, secondsMax: number): readonly Weighed[] {
  return [
    weighRefresh(refreshed),
    ...refusals.map(({ service, met, seconds }): Weighed => {
      if (!met.ok) return { gap: met.why };
      const { status } = met.value;
      if (status >= 500) return { gap: `${service} answered ${status} to the token of a revoked session` };
      if (status !== 401) {
        return { fault: `${service} accepts the token of a revoked session after ${seconds.toFixed(1)} s (${status})` };
      }
      const late = `${service} accepted the token of a revoked session for more than ${secondsMax} s`;
      return seconds <= secondsMax ? {} : { fault: `${late}: ${seconds.toFixed(1)} s` };
    }),
    ...others.map(({ service, met }): Weighed => {
      if (!met.ok) return { gap: met.why };
      return met.value.status === 200 && met.value.backend === service
        ? {}
        : { gap: `${service} refused another session too (${met.value.status}): no refusal there shows a revocation` };
    }),
    ...refusals.flatMap(({ service }): Weighed[] =>
      others.some((other) => other.service === service) ? [] : [{ gap: `no other session was shown to ${service}` }],
    ),
  ];
}

function weighRefresh(refreshed: Asked<unknown>): Weighed {
  if (!refreshed.ok) return { gap: refreshed.why };
  const { value } = refreshed;
  if (value.kind === "done") return { fault: "a revoked session was renewed" };
  return value.kind === "refused" && value.status === 401
    ? {}
    : { gap: `the renewal of a revoked session was ${value.kind}, and not refused with 401` };
}

function isDone(asked: Asked<unknown>): boolean {
  return asked.ok && asked.value.kind === "done";
}

function factsOf({ user, steps, revoked }: Round, samples: number, secondsMax: number): Fact[] {
  const [first] = steps;
  if (first === undefined) return [];
  const { source, at } = first.asked;
  const done = steps.filter(({ asked }) => isDone(asked)).length;
  const ceremonies: Fact = {
    what: `steps of registration, login and logout of ${user} that succeeded`,
    value: done,
    unit: "steps",
    limit: `all of ${steps.length}`,
    source,
    at,
    samples,
  };
  const refusals = (revoked?.refusals ?? []).map(({ service, met, seconds }): Fact => ({
    what: `from the end of ${user}'s session to the refusal of its token at ${service}`,
    value: met.ok && met.value.status === 401 ? Math.round(seconds * 1000) / 1000 : "not refused",
    unit: "s",
    limit: `at most ${secondsMax}`,
    source: met.source,
    at: met.at,
  }));
  return [ceremonies, ...refusals];
}
