/** webauthn-authentication-working: new users, one after the other, invited, registered, signed in, accepted by the services, and signed out. */
import { criterionOf } from "../../criteria/catalogue.ts";
import type { ProtectedService } from "../../environments/profile.ts";
import { newMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { unproven, unread, type Reading } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import { readAuthenticator, type Credential } from "../../probes/sign-in/authenticator.ts";
import { login, openSignIn, pageOf, register, type Page } from "../../probes/sign-in/login.ts";
import { makeCredential } from "../../probes/sign-in/new-credential.ts";
import { stepsAt, type Access, type Ended, type Steps } from "../../probes/sign-in/steps.ts";
import { meet, type Met } from "../../probes/tokens/met.ts";
import { check } from "../check.ts";
import { judgeAuthentication, type Revoked, type Round, type Shown, type Step } from "./webauthn.judge.ts";

type Scene = {
  readonly access: Access;
  readonly steps: Steps;
  readonly page: Page;
  readonly admin: Credential;
  /** Services that both walls stand before: what people use the platform for. */
  readonly services: readonly ProtectedService[];
  readonly revokedWithinSeconds: number;
};

check("webauthn-authentication-working", async ({ profile, signal, run }) => {
  const { samplesMin } = criterionOf("webauthn-authentication-working").evidence;
  const { revokedWithinSeconds, authenticatorsFile } = profile.signIn;
  const [access, admin] = await Promise.all([
    openSignIn(profile, signal),
    readAuthenticator(authenticatorsFile, profile.tenants[0]?.admin ?? ""),
  ]);
  if (!access.ok) return unproven(access.why);
  if (!admin.ok) return unproven(admin.why);
  const services = profile.protectedServices.filter(({ gateway }) => gateway);
  const rest = { page: pageOf(profile), admin: admin.value, services, revokedWithinSeconds };
  const scene = { access: access.value, steps: stepsAt(access.value), ...rest };
  const rounds: Round[] = [];
  for (let at = 0; at < samplesMin; at += 1) {
    const round = await takeRound(scene, newMark(run.id));
    rounds.push(round);
    // One that went wrong is enough: it is waited for as long as each of the others would be.
    if (round.revoked?.refusals.every(({ met }) => met.ok && met.value.status === 401) !== true) break;
  }
  return judgeAuthentication(rounds, { samplesMin, revokedWithinSeconds });
});

/** One new user, by whose name `undo` finds the account where this run is killed. Whatever comes of it, the account is taken away again. */
async function takeRound(scene: Scene, user: string): Promise<Round> {
  const { steps, page, admin } = scene;
  const taken: Step[] = [];
  const take = async <T>(step: string, asked: Promise<Asked<T>>): Promise<T | undefined> => {
    const came = await asked;
    taken.push({ step, asked: came });
    return came.ok && came.value.kind === "done" ? came.value.value : undefined;
  };
  const signedIn = await take("the login of the tenant's admin", login(steps, admin, page));
  if (signedIn === undefined) return { user, steps: taken };
  try {
    const middle = await live(scene, user, signedIn.token, take);
    return { user, steps: taken, ...middle };
  } finally {
    await take("the removal of the account", steps.removeAccount(signedIn.token, user));
    await take("the admin's logout", steps.logout(signedIn.session));
  }
}

type Take = <T>(step: string, asked: Promise<Asked<T>>) => Promise<T | undefined>;

async function live(
  scene: Scene,
  user: string,
  adminToken: string,
  take: Take,
): Promise<Pick<Round, "accepted" | "revoked">> {
  const { steps, page } = scene;
  const credential = makeCredential(user);
  const invited = await take("the invitation", steps.invite(adminToken, user));
  if (invited === undefined) return {};
  const registered = await take("the registration", register(steps, credential, page, invited.invitation));
  if (registered === undefined) return {};
  const first = await take("the login", login(steps, credential, page));
  const second = await take("the second login", login(steps, credential, page));
  await steps.logout(registered.session);
  if (first === undefined || second === undefined) return {};
  const accepted = await showAll(scene, first.token);
  const out = await take("the logout", steps.logout(first.session));
  if (out === undefined) return { accepted };
  const revoked = await revocation(scene, first, second);
  await steps.logout(second.session);
  return { accepted, revoked };
}

/** What becomes of a session that was ended a moment ago, beside one that was not. */
async function revocation(scene: Scene, ended: Ended, open: Ended): Promise<Revoked> {
  const { steps, services, revokedWithinSeconds } = scene;
  const refreshed = await steps.refresh(ended.session);
  const refusals = await Promise.all(
    services.map(async (service) => {
      let met: Reading<Met> = unread("it was never asked", service.service, new Date());
      const waited = await poll<true>(
        async () => {
          met = await show(scene, service, ended.token);
          const refused = met.ok && met.value.status === 401;
          if (refused) return { state: "yes", value: true };
          return { state: "not yet", seen: met.ok ? `${met.value.status}` : met.why };
        },
        // A little longer than is allowed, so that being late is seen as such.
        {
          what: `${service.service} refuses the token of an ended session`,
          timeoutMs: revokedWithinSeconds * 1000 + 1_000,
          everyMs: 200,
          signal: scene.access.signal,
        },
      );
      return { service: service.service, met, seconds: waited.elapsedMs / 1000 };
    }),
  );
  return { refreshed, refusals, others: await showAll(scene, open.token) };
}

async function showAll(scene: Scene, token: string): Promise<readonly Shown[]> {
  return Promise.all(
    scene.services.map(async (service) => ({
      service: service.service,
      met: await show(scene, service, token),
    })),
  );
}

/** Asks the first thing of a service that needs no name of anything. */
async function show(
  { access }: Scene,
  { host, service, operations }: ProtectedService,
  token: string,
): Promise<Reading<Met>> {
  const plain = operations.find(({ method, path }) => method === "GET" && !path.includes("{"));
  if (plain === undefined) return unread(`the profile names nothing to read of ${service}`, service, new Date());
  return meet({ ...access, host }, plain, `Bearer ${token}`);
}
