/** Messages name the tenant of what they tell, and one that names another tenant moves nobody; the right one, sent the same way, does. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";

/** One channel of messages: a queue, or the topics of a broker. */
export type Channel = {
  readonly name: string;
  /** The genuine messages about what the tenant made, by where they were found, with whom they name; no text: nobody. */
  readonly messages: Reading<readonly { readonly where: string; readonly tenant?: string; readonly user?: string }[]>;
  /** Whom they must name. */
  readonly owner: { readonly tenant: string; readonly user?: string };
  /** Places at which a genuine message must be found, or nothing is known of them. */
  readonly places: readonly string[];
  /** How many messages in another tenant's name were sent and taken by the broker. */
  readonly forged: Reading<number>;
  /** What the forged ones moved: one sentence each. */
  readonly moved: Reading<readonly string[]>;
  /** What a right message, sent after the forged ones, must have moved; true where it did. */
  readonly controls: readonly { readonly what: string; readonly moved: Reading<boolean> }[];
};

export function judgeTenantMessages(channels: readonly Channel[], channelsMin: number): Verdict {
  const judged = channels.map(judgeChannel);
  const few = channels.length < channelsMin ? [`${channels.length} channels were looked at, not ${channelsMin}`] : [];
  const names = channels.map(({ name }) => name).join(" and ");
  return conclude({
    faults: judged.flatMap(({ faults }) => faults),
    gaps: [...judged.flatMap(({ gaps }) => gaps), ...few],
    facts: judged.flatMap(({ facts }) => facts),
    held: `messages of ${names} name their tenant; those sent in another's name moved nobody, and right ones did`,
  });
}

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[]; readonly facts: readonly Fact[] };

function judgeChannel({ name, messages, owner, places, forged, moved, controls }: Channel): Judged {
  const faults: string[] = [];
  const gaps: string[] = [];
  const facts: Fact[] = [];
  if (!messages.ok) gaps.push(messages.why);
  else {
    const wrong = messages.value.flatMap(({ where, tenant, user }) => {
      if (tenant === undefined) return [`a message of ${where} names no tenant`];
      if (tenant !== owner.tenant) return [`a message of ${where} about data of ${owner.tenant} names ${tenant}`];
      return user === owner.user ? [] : [`a message of ${where} about data of ${owner.user} names ${user ?? "nobody"}`];
    });
    const silent = places.filter((place) => !messages.value.some(({ where }) => where === place));
    faults.push(...wrong);
    gaps.push(...silent.map((place) => `no message of ${place} was found: nothing is known of whom they name`));
    facts.push({
      what: `messages of ${name} without their tenant`,
      value: wrong.length,
      unit: "messages",
      limit: "0",
      source: messages.source,
      at: messages.at,
      samples: messages.value.length,
    });
  }
  const sent = forged.ok ? forged.value : 0;
  if (!forged.ok) gaps.push(forged.why);
  else if (sent === 0) gaps.push(`${name}: no message in another tenant's name was sent`);
  if (!moved.ok) gaps.push(moved.why);
  else {
    faults.push(...moved.value);
    const { source, at } = moved;
    const what = `what messages in another tenant's name moved (${name})`;
    facts.push({ what, value: moved.value.length, unit: "effects", limit: "0", source, at, samples: sent });
  }
  for (const control of controls) {
    if (!control.moved.ok) gaps.push(control.moved.why);
    else if (!control.moved.value)
      gaps.push(`${control.what}: a right message moved nobody either, so nothing follows`);
    if (control.moved.ok) {
      const { source, at, value } = control.moved;
      facts.push({ what: control.what, value, limit: "true", source, at });
    }
  }
  if (controls.length === 0) gaps.push(`${name}: no right message was sent`);
  return { faults, gaps, facts };
}
