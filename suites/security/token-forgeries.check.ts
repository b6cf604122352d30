/** token-forgeries-refused: forged tokens at every protected operation, through the gateway and behind its back. */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ProtectedService } from "../../environments/profile.ts";
import { read, unproven, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { resolveAll } from "../../probes/http/endpoints.ts";
import { askedOf, saidOf } from "../../probes/http/outcome.ts";
import { request } from "../../probes/http/request.ts";
import { readOperations } from "../../probes/openapi/document.ts";
import { signIn, type Session } from "../../probes/sign-in/session.ts";
import { stepsAt } from "../../probes/sign-in/steps.ts";
import { asBearer, forgedOf, type Authorizations } from "../../probes/tokens/forgeries.ts";
import { openDoor, type Met, type Operation, type Place } from "../../probes/tokens/met.ts";
import { meetBehindGateway, readRefusableTokens } from "../../probes/tokens/service-wall.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeTokens, matrixFile, type Tried, type Wall } from "./token-forgeries.judge.ts";

const operationsAtOnce = 2;
const requestsAtOnce = 2;
/** The prober takes so many questions at once, each with so many authorizations: more would be longer than it reads. */
const questionsAtOnce = 3;
const authorizationsEach = 12;

const keySet = z.object({
  keys: z.array(z.object({ kty: z.literal("EC"), crv: z.string(), x: z.string(), y: z.string() })).min(1),
});

type Spot = { readonly service: ProtectedService; readonly operation: Operation; readonly name: string };

check("token-forgeries-refused", async (context) => {
  const { profile, cluster, signal, evidenceDirectory } = context;
  // An admin: a member may be refused for the role by a service that had let the token in.
  const session = await signIn(profile, profile.tenants[0]?.admin ?? "", signal);
  if (!session.ok) return unproven(session.why);
  const place = { ...session.value, host: profile.signIn.host, timeoutMs: profile.timeouts.requestMs, signal };
  try {
    const [refusable, key, resolved, { documents, spots }] = await Promise.all([
      readRefusableTokens(cluster, profile),
      readKey(place),
      resolveAll(profile.ingress.https, place),
      readSpots(context, session.value),
    ]);
    // What the signing key makes comes first: without it half of the question is not asked.
    const needed = [refusable, key, ...resolved.addresses, ...documents];
    const forged = {
      ...(key.ok ? forgedOf(session.value.token, key.value) : {}),
      ...(refusable.ok ? asBearer(refusable.value) : {}),
    };
    const right = `Bearer ${session.value.token}`;
    const places = resolved.endpoints.map((endpoint) => ({ ...place, endpoint }));
    const [outside, inside] = await Promise.all([
      throughGateway(spots, places, { right, forged }),
      behindGateway(context, spots, { right, forged }),
    ]);
    const tried = [...outside, ...inside];
    writeFileSync(join(evidenceDirectory, matrixFile), `${JSON.stringify(tried.map(rowOf), null, 2)}\n`);
    const wanted = spots.flatMap((spot) => wallsOf(spot).map((wall) => ({ ...namesOf(spot), wall })));
    return judgeTokens({ needed, tried }, { places: wanted, names: Object.keys(forged) });
  } finally {
    await stepsAt(place).logout(session.value.session);
  }
});

/** The key that the platform publishes. */
async function readKey(place: Place): Promise<Reading<z.output<typeof keySet>["keys"][number]>> {
  const path = "/auth/.well-known/jwks.json";
  const answer = askedOf(await request({ ...place, path }), { status: 200, schema: keySet });
  if (!answer.ok) return answer;
  const { value, source } = answer;
  const at = new Date(answer.at);
  const [key] = value.kind === "done" ? value.value.keys : [];
  if (key !== undefined) return read(key, source, at);
  return unread(`${source}: ${value.kind === "done" ? "no key" : saidOf(value)}`, source, at);
}

/** Operations of each service: those of the profile, and those that its document declares as secured. A document that cannot be had is a gap. */
async function readSpots(
  { profile, signal }: CheckContext,
  { endpoint, authority, token }: Session,
): Promise<{ readonly documents: readonly Reading<unknown>[]; readonly spots: readonly Spot[] }> {
  const found = await Promise.all(
    profile.protectedServices.map(async (service) => {
      const { host, document, operations } = service;
      if (document === undefined) return { documents: [], spots: spotsOf(service, operations) };
      const headers = { authorization: `Bearer ${token}` };
      const where = { endpoint, authority, host, headers, timeoutMs: profile.timeouts.requestMs, signal };
      const declared = await readOperations({ ...where, path: document });
      const secured = declared.ok ? declared.value.filter((one) => one.secured) : [];
      return { documents: [declared], spots: spotsOf(service, [...operations, ...secured]) };
    }),
  );
  return { documents: found.flatMap(({ documents }) => documents), spots: found.flatMap(({ spots }) => spots) };
}

/** Each once, with an id of nothing in the place of each {name}: whoever is let in finds nothing to change. */
function spotsOf(service: ProtectedService, operations: readonly Operation[]): readonly Spot[] {
  const named = new Map(operations.map((one) => [`${one.method} ${one.path}`, one]));
  return [...named].map(([name, { method, path }]) => ({
    service,
    name,
    operation: { method, path: path.replaceAll(/\{[^}]+\}/g, randomUUID()) },
  }));
}

type Tokens = { readonly right: string; readonly forged: Authorizations };

/** From outside: each operation at one address of the ingress, the operations in turn over the addresses. */
async function throughGateway(
  spots: readonly Spot[],
  places: readonly Place[],
  { right, forged }: Tokens,
): Promise<readonly Tried[]> {
  const guarded = spots.filter(({ service }) => service.gateway);
  const shares = places.map((place, at) => ({
    place,
    spots: guarded.filter((_, index) => index % places.length === at),
  }));
  const tried = await Promise.all(
    shares.flatMap((share) =>
      [...new Set(share.spots.map(({ service }) => service.host))].map(async (host) => {
        const door = openDoor({ ...share.place, host });
        const here = share.spots.filter(({ service }) => service.host === host);
        try {
          return await fewAtATime(here, operationsAtOnce, async (spot): Promise<Tried> => {
            const { operation } = spot;
            const before = await door.meet(operation, right);
            const met = await fewAtATime(Object.entries(forged), requestsAtOnce, async ([name, authorization]) => ({
              name,
              met: await door.meet(operation, authorization),
            }));
            const after = await door.meet(operation, right);
            return { ...namesOf(spot), wall: "gateway", where: share.place.endpoint.label, before, forged: met, after };
          });
        } finally {
          door.close();
        }
      }),
    ),
  );
  return tried.flat();
}

/** Behind it: a part of the forgeries at a time, between two of the right token. */
async function behindGateway(
  { cluster, profile }: CheckContext,
  spots: readonly Spot[],
  { right, forged }: Tokens,
): Promise<readonly Tried[]> {
  const entries = Object.entries(forged);
  const parts = Array.from({ length: Math.ceil(entries.length / authorizationsEach) }, (_, at) =>
    entries.slice(at * authorizationsEach, (at + 1) * authorizationsEach),
  );
  const questions = spots.flatMap((spot) => parts.map((part) => ({ spot, part })));
  return fewAtATime(questions, questionsAtOnce, async ({ spot, part }): Promise<Tried> => {
    const { service } = spot.service;
    const authorizations = [right, ...part.map(([, authorization]) => authorization), right];
    const said = await meetBehindGateway(cluster, profile, { service, operation: spot.operation, authorizations });
    const at = (index: number): Reading<Met> =>
      (said.ok ? said.value[index] : said) ?? unread("it was not asked", service, new Date());
    return {
      ...namesOf(spot),
      wall: "service",
      where: service,
      before: at(0),
      forged: part.map(([name], index) => ({ name, met: at(index + 1) })),
      after: at(part.length + 1),
    };
  });
}

function namesOf({ service: { service }, name }: Spot): { readonly service: string; readonly operation: string } {
  return { service, operation: name };
}

function wallsOf({ service: { gateway } }: Spot): readonly Wall[] {
  return gateway ? ["gateway", "service"] : ["service"];
}

function rowOf({ before, forged, after, ...rest }: Tried): Readonly<Record<string, unknown>> {
  const words = (met: Reading<Met>): string =>
    met.ok ? `${met.value.status} from ${met.value.backend ?? "the gateway"}` : met.why;
  const refused = Object.fromEntries(forged.map(({ name, met }) => [name, words(met)]));
  return { ...rest, before: words(before), forged: refused, after: words(after) };
}
