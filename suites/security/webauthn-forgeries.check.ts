/** webauthn-forgeries-refused: a new user's credential, used rightly and wrongly in turn. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newMark } from "../../harness/mark.ts";
import { read, unproven, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { saidOf, type Asked } from "../../probes/http/outcome.ts";
import { readAuthenticator } from "../../probes/sign-in/authenticator.ts";
import { forgeries, honestLogin, type Owner } from "../../probes/sign-in/forgeries.ts";
import { afterwards, login, openSignIn, pageOf, register } from "../../probes/sign-in/login.ts";
import { makeCredential } from "../../probes/sign-in/new-credential.ts";
import { stepsAt, type Ended, type Steps } from "../../probes/sign-in/steps.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeForgeries, triedFile, type Tried } from "./webauthn-forgeries.judge.ts";

const logoutsAtOnce = 8;

check("webauthn-forgeries-refused", async (context) => {
  const { profile, signal, evidenceDirectory } = context;
  const another = profile.tenants[0]?.admin ?? "";
  const [access, admin] = await Promise.all([
    openSignIn(profile, signal),
    readAuthenticator(profile.signIn.authenticatorsFile, another),
  ]);
  if (!access.ok) return unproven(access.why);
  if (!admin.ok) return unproven(admin.why);
  const steps = stepsAt(access.value);
  const inviter = await login(steps, admin.value, pageOf(profile));
  if (!inviter.ok || inviter.value.kind !== "done") return unproven(`the admin's login: ${wordsOf(inviter)}`);
  const { token, session } = inviter.value.value;
  try {
    const tried = await withNewcomer(context, { steps, token, another }, tryAll);
    if (!tried.ok) return unproven(tried.why);
    const file = join(evidenceDirectory, triedFile);
    writeFileSync(file, `${JSON.stringify(tried.value.map(rowOf), null, 2)}\n`);
    return judgeForgeries(
      tried.value,
      forgeries.map(({ name }) => name),
    );
  } finally {
    await steps.logout(session);
  }
});

/** Registers somebody for the length of the work, and takes the account away again. */
async function withNewcomer<T>(
  { profile, run }: CheckContext,
  by: { readonly steps: Steps; readonly token: string; readonly another: string },
  work: (owner: Owner) => Promise<T>,
): Promise<Reading<T>> {
  const { steps, token, another } = by;
  // By this name `undo` finds the account where this run is killed.
  const user = newMark(run.id);
  const credential = makeCredential(user);
  const page = pageOf(profile);
  let used = 0;
  const count = (): number => (used += 1);
  try {
    const registered = await afterwards(await steps.invite(token, user), async ({ invitation }) =>
      register(steps, credential, { ...page, counter: count() }, invitation),
    );
    const source = `registration of ${user}`;
    if (!registered.ok || registered.value.kind !== "done") {
      return { ok: false, why: `${source}: ${wordsOf(registered)}`, source, at: registered.at };
    }
    await steps.logout(registered.value.value.session);
    return read(await work({ steps, credential, page, another, count }), source, new Date());
  } finally {
    await steps.removeAccount(token, user);
  }
}

/** In a row: what counts uses of a credential knows one after the other only. */
async function tryAll(owner: Owner): Promise<readonly Tried[]> {
  const opened: Asked<Ended>[] = [];
  const kept = async (asked: Promise<Asked<Ended>>): Promise<Asked<Ended>> => {
    const came = await asked;
    opened.push(came);
    return came;
  };
  const tried: Tried[] = [];
  let before = await kept(honestLogin(owner));
  for (const { name, attempt } of forgeries) {
    const forged = await kept(attempt(owner));
    const after = await kept(honestLogin(owner));
    tried.push({ forgery: name, before, forged, after });
    before = after;
  }
  const sessions = opened.flatMap((one) => (one.ok && one.value.kind === "done" ? [one.value.value.session] : []));
  await fewAtATime(sessions, logoutsAtOnce, async (session) => owner.steps.logout(session));
  return tried;
}

/** Without what was answered to a login: that holds tokens. */
function rowOf({ forgery, before, forged, after }: Tried): Readonly<Record<string, string>> {
  return { forgery, before: wordsOf(before), forged: wordsOf(forged), after: wordsOf(after) };
}

function wordsOf(asked: Asked<unknown>): string {
  if (!asked.ok) return asked.why;
  return asked.value.kind === "done" ? "accepted" : saidOf(asked.value);
}
