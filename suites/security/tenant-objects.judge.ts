/** A tenant's objects lie in its own folder, and whoever holds a link for one of them, or nothing at all, gets no other. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { OwnedObject, TenantObjects } from "../../probes/service-prober/tenants.ts";

export type Readings = {
  /** The objects that were made for this, of two tenants. */
  readonly owned: Reading<readonly OwnedObject[]>;
  readonly objects: Reading<TenantObjects>;
};

/** The one try that must succeed: without it the others were refused for whatever reason. */
const control = "the link itself";
const refused = [401, 403];

export function judgeTenantObjects({ owned, objects }: Readings): Verdict {
  if (!owned.ok) return conclude({ faults: [], gaps: [owned.why], facts: [], held: "" });
  if (!objects.ok) return conclude({ faults: [], gaps: [objects.why], facts: [], held: "" });
  const from = { source: objects.source, at: objects.at };
  const placed = placesOf(owned.value, objects.value);
  const tried = triesOf(owned.value, objects.value);
  const facts: readonly Fact[] = [
    {
      what: "objects outside of their tenant's folder",
      value: placed.faults.length,
      unit: "objects",
      limit: "0",
      samples: objects.value.objects,
      ...from,
    },
    {
      what: "tries to have another's object that were not refused",
      value: tried.faults.length,
      unit: "tries",
      limit: "0",
      samples: objects.value.tries.length,
      ...from,
    },
    ...objects.value.tries.flatMap((one) =>
      "status" in one ? [{ what: `${one.as} (${one.of.split("/")[0] ?? ""})`, value: one.status, ...from }] : [],
    ),
  ];
  return conclude({
    faults: [...placed.faults, ...tried.faults],
    gaps: [...placed.gaps, ...tried.gaps, ...(owned.value.length < 2 ? ["there are no objects of two tenants"] : [])],
    facts,
    held: `objects of ${owned.value.map(({ tenant }) => tenant).join(" and ")} lie in their own folders; a link opens the one object that it was signed for, and nobody is let in without one. The API itself hands out no links`,
  });
}

type Found = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

function placesOf(owned: readonly OwnedObject[], { keys, strangers, owned: seen }: TenantObjects): Found {
  const elsewhere = keys.flatMap((key) => {
    const one = owned.find(({ id }) => key.includes(id));
    return one === undefined || key.startsWith(`${one.tenant}/`) ? [] : [`${key} is of ${one.tenant}'s record`];
  });
  const listed = strangers.map(({ folder, key }) => `a listing of ${folder} names ${key}`);
  const named = owned.flatMap(({ key, tenant }) => {
    const content = seen.find((one) => one.key === key)?.tenant ?? tenant;
    return content === tenant ? [] : [`${key} says that it is of '${content}'`];
  });
  const unread = owned.filter(({ key }) => !seen.some((one) => one.key === key && one.held));
  return {
    faults: [...elsewhere, ...listed, ...named],
    gaps: unread.map(
      ({ key }) => `${key} could not be read by who holds the credentials: nothing follows from a refusal`,
    ),
  };
}

function triesOf(owned: readonly OwnedObject[], { tries }: TenantObjects): Found {
  const faults: string[] = [];
  const gaps: string[] = [];
  for (const { key, text } of owned) {
    const own = tries.find(({ as, of }) => as === control && of === key);
    const opened = own !== undefined && "status" in own && own.status === 200 && own.texts.includes(text);
    if (!opened) gaps.push(`a link for ${key} does not open it: nothing follows from what else it does not open`);
  }
  for (const one of tries) {
    if (one.as === control) continue;
    if (!("status" in one)) gaps.push(`${one.as} (${one.of}): ${one.failure.kind} (${one.failure.detail})`);
    else if (one.texts.length > 0) faults.push(`${one.as} (${one.of}) showed an object (${one.status})`);
    else if (one.status >= 200 && one.status < 300) faults.push(`${one.as} (${one.of}) was let in (${one.status})`);
    else if (!refused.includes(one.status))
      gaps.push(`${one.as} (${one.of}) was neither let in nor refused: ${one.status}`);
  }
  if (tries.length <= owned.length) gaps.push("nothing was tried with the links");
  return { faults, gaps };
}
