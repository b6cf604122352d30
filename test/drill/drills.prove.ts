/**
 * Every drill on the local cluster, one after another, by its command: its criteria pass on the good platform; fail where users lose something by a planted
 * defect; and are unproven where its fault is made to miss, or the harness cannot see. Nothing is left each time.
 * `npm run test:drill -- -t "drill pod-kill-one:"` proves one of them; what was seen before stays in the table.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { criteriaOfDrill, drillCriteria } from "../../cli/carried-drills.ts";
import { catalogue } from "../../criteria/catalogue.ts";
import { projectRoot } from "../../environments/settings.ts";
import { drills } from "../../fixtures/faults/drills.ts";
import { poll } from "../../harness/poll.ts";
import { blindHarness, restoreSight } from "../prove/blinded.ts";
import { lineOf, validateLocal } from "../prove/command.ts";
import { silentServer, type SilentServer } from "../prove/silent-server.ts";
import { lineOfDrill, msMaxOfDrill, runDrill, type DrillProof } from "./drill-command.ts";
import { drillPlants } from "./drill-plants.ts";
import { drillTable, merged, parseSeen, type SeenDrill } from "./drill-table.ts";
import { misses } from "./misses.ts";
import { standingPlatform, type StandingPlatform } from "./standing-platform.ts";

const names = drills.map(({ name }) => name);
/** What the local cluster cannot have, and the reason that must be given. */
const notHad: ReadonlyMap<string, RegExp> = new Map([
  ["http-disruptor", /there is no k6|built without xk6-disruptor|enforces Pod Security/],
]);
/** Everything in a namespace is made anew by it, with the labels of its restoring. */
const replacing = ["restore"];
/** Of a worker that was emptied before, as by each of these itself, they show nothing, until a drill had pods come back to it. */
const losing = ["node-stop", "node-pause"];
const spreading = "pod-kill-all";
/** The whole cluster is made anew by it: all that is known of the one before is reached no more. */
const remaking = ["rebuild"];
/** What it will touch, how it undoes it, and what it decides: before anything begins. */
const announced = /^ {2}touches: .+\n(?: {2}touches: .+\n)*(?: {2}\d+\. .+\n)+ {2}decides: /m;
/** A switch is read within seconds; what it did to what is under way takes longer. */
const switchedMs = 240_000;

let platform: StandingPlatform;
let silent: SilentServer;
const seen: SeenDrill[] = [];

beforeAll(async () => {
  silent = await silentServer();
  platform = await standingPlatform(async (cluster) => {
    for (const plant of drillPlants) await plant.remove(cluster);
    for (const miss of misses) await miss.remove(cluster);
  });
}, 600_000);

afterAll(() => silent.close());

/** What restores decide: a restore of which nothing is felt is one that never began. */
const withoutMiss = ["Recovery"];
/** The judge of restores judges it, which is seen to fail there: a defect of its own would cost a cluster. */
const withoutPlant = ["rebuild-within-four-hours"];

test("every drill decides something, and every criterion has its defect and, but for restores, its miss", () => {
  expect(names.filter((name) => decidedBy(name).length === 0)).toEqual([]);
  const decided = drillCriteria(catalogue, "local");
  const planted = new Set(drillPlants.flatMap(({ criteria }) => criteria));
  expect(decided.flatMap(({ id }) => (planted.has(id) ? [] : [id]))).toEqual(withoutPlant);
  const asked = decided.filter(({ area }) => !withoutMiss.includes(area));
  expect(asked.flatMap(({ id }) => (misses.some(({ criterion }) => criterion === id) ? [] : [id]))).toEqual([]);
});

test.each([...notHad])("drill %s: cannot be had here, and says why", async (name, why) => {
  const proof = await runDrill(name);
  note(name, "good", proof);
  expect(proof).toMatchObject({ exitCode: 2, ledger: undefined });
  expect(proof.output).toMatch(/^unproven: nothing was touched: /m);
  expect(proof.output).toMatch(why);
});

for (const name of names.filter((each) => !notHad.has(each))) {
  test(`drill ${name}: its dry run says what it would touch and how it undoes it, and stops there`, async () => {
    const proof = await runDrill(name, { dryRun: true });
    expect(proof.output).toMatch(announced);
    expect(proof.output).toMatch(/^dry run: nothing was touched$/m);
    expect(proof).toMatchObject({ exitCode: 0, ledger: undefined });
  });

  test(`drill ${name}: on the good platform its criteria pass, and nothing is left`, async () => {
    expect(await platform.whatDiffers()).toEqual([]);
    if (losing.includes(name)) await spreadPods();
    const proof = await runDrill(name, { msMax: await msMaxOfDrill(name) });
    note(name, "good", proof);
    expect(proof.output).toMatch(announced);
    const others = decidedBy(name)
      .map((id) => lineOfDrill(proof, id))
      .filter(({ outcome }) => outcome !== "pass");
    expect(others.map(({ id, because }) => `${id}: ${because}`)).toEqual([]);
    expect(proof.exitCode, proof.output).toBe(0);
    if (remaking.includes(name)) platform = await standingPlatform(async () => undefined);
    if (replacing.includes(name)) await platform.takeAsItIs();
    expect(await platform.whatIsLeft()).toEqual([]);
  });

  for (const plant of drillPlants.filter(({ drill }) => drill === name)) {
    const { criteria, shownBy, expects } = plant;
    test(`drill ${name}: ${criteria.join(" and ")} fails for what users lose by ${plant.name}`, async () => {
      expect(await platform.whatDiffers()).toEqual([]);
      try {
        await plant.apply(platform.cluster);
        expect(await untilShown(shownBy, "fail")).toBe("fail");
        const proof = await runDrill(name, { msMax: await msMaxOfDrill(name) });
        note(name, "planted", proof);
        for (const criterion of criteria) {
          expect(lineOfDrill(proof, criterion)).toMatchObject({
            outcome: "fail",
            because: expect.stringMatching(expects),
          });
        }
        expect(proof.exitCode, proof.output).toBe(1);
      } finally {
        await plant.remove(platform.cluster);
      }
      expect(await untilShown(shownBy, "pass")).toBe("pass");
      if (replacing.includes(name)) await platform.takeAsItIs();
      expect(await platform.whatIsLeft()).toEqual([]);
    });
  }

  for (const miss of misses.filter(({ drill }) => drill === name)) {
    test(`drill ${name}: is unproven where ${miss.why}`, async () => {
      expect(await platform.whatDiffers()).toEqual([]);
      try {
        await miss.apply(platform.cluster);
        const { layer } = miss;
        const proof = await runDrill(name, {
          msMax: await msMaxOfDrill(name),
          ...(layer === undefined ? {} : { layer }),
        });
        note(name, "missed", proof);
        const line = proof.ledger?.criteria.find(({ id }) => id === miss.criterion);
        expect(line?.outcome ?? "unproven", line?.because).toBe("unproven");
        expect(line?.because ?? proof.output).toMatch(miss.expects);
        expect(proof.exitCode, proof.output).toBe(2);
      } finally {
        await miss.remove(platform.cluster);
      }
      expect(await platform.whatIsLeft()).toEqual([]);
    });
  }
}

/** What needs no right to plan: the engine of this machine is asked, or the gateway. */
const plannedWithoutRights: readonly string[] = ["certificate-expiry", "control-plane-restart"];

for (const name of names.filter((each) => !notHad.has(each) && !plannedWithoutRights.includes(each))) {
  test(`drill ${name}: blinded, a harness without rights calls it unproven and touches nothing`, async () => {
    try {
      const proof = await runDrill(name, { kubeconfig: await blindHarness(platform.cluster) });
      note(name, "blinded", proof);
      expect(proof.output).toMatch(/^unproven: nothing was touched: .*403/m);
      expect(proof).toMatchObject({ exitCode: 2, ledger: undefined });
    } finally {
      await restoreSight(platform.cluster);
    }
  });
}

test("drill certificate-expiry: blinded, a gateway that says nothing makes it unproven, and nothing is touched", async () => {
  const layer = { ingress: { https: [{ host: "127.0.0.1", port: silent.port }] } };
  const proof = await runDrill("certificate-expiry", { layer });
  note("certificate-expiry", "blinded", proof);
  expect(proof.output).toMatch(/^unproven: nothing was touched: /m);
  expect(proof).toMatchObject({ exitCode: 2, ledger: undefined });
});

test("drill control-plane-restart: without rights it cannot hold the lease of the drill, and is refused", async () => {
  try {
    const proof = await runDrill("control-plane-restart", { kubeconfig: await blindHarness(platform.cluster) });
    note("control-plane-restart", "blinded", proof);
    expect(proof.output).toMatch(/nothing was touched: the lease of the drill could not be taken: .*403/);
    expect(proof).toMatchObject({ exitCode: 3, ledger: undefined });
  } finally {
    await restoreSight(platform.cluster);
  }
});

test("afterwards nothing is left of any of them", async () => {
  expect(await platform.whatIsLeft()).toEqual([]);
});

/** @throws Error where pods were not put back to every worker */
async function spreadPods(): Promise<void> {
  const { exitCode, output } = await runDrill(spreading, { msMax: await msMaxOfDrill(spreading) });
  if (exitCode !== 0) throw new Error(`${spreading} ended with ${exitCode}: ${output}`);
}

function decidedBy(name: string): readonly string[] {
  return criteriaOfDrill(catalogue, "local", name).map(({ id }) => id);
}

/** For the table, and at once: a run of hours may be cut off. */
function note(drill: string, way: SeenDrill["way"], proof: DrillProof): void {
  seen.push(...seenOf(drill, way, proof));
  const folder = join(projectRoot, "reports");
  mkdirSync(folder, { recursive: true });
  // docs/ has what was seen before this working tree was: not every drill is run each time.
  const earlier = ["docs", "reports"].map((from) => parseSeen(textOf(join(projectRoot, from, "proof-drills.json"))));
  // A criterion that a drill decides no more is not shown by what was seen of it once.
  const stands = (one: SeenDrill): boolean => one.criterion === "" || decidedBy(one.drill).includes(one.criterion);
  const all = [...earlier, seen].reduce(merged).filter(stands);
  writeFileSync(join(folder, "proof-drills.json"), JSON.stringify(all, undefined, 1));
  writeFileSync(join(folder, "proof-table-drills.md"), drillTable(all, names));
}

function seenOf(
  drill: string,
  way: SeenDrill["way"],
  { seconds, ledger, output, exitCode }: DrillProof,
): readonly SeenDrill[] {
  const at = new Date().toISOString();
  const lines = (ledger?.criteria ?? []).filter(({ id }) => decidedBy(drill).includes(id));
  if (lines.length > 0)
    return lines.map(({ id, outcome, because }) => ({ drill, criterion: id, way, outcome, because, seconds, at }));
  const outcome = exitCode === 2 ? "unproven" : "refused";
  return [{ drill, criterion: "", way, outcome, because: lastLineOf(output), seconds, at }];
}

/** Without the folder of whoever ran it: the table is published. */
function lastLineOf(output: string): string {
  return (output.trim().split("\n").at(-1) ?? "").replaceAll(homedir(), "~");
}

/** What nothing shows is in force at once. */
async function untilShown(by: string | undefined, wanted: "pass" | "fail"): Promise<string> {
  return by === undefined ? wanted : untilCheck(by, wanted);
}

/** Runs a check until it comes out so: a switch takes its time to be read. @returns how it came out last */
async function untilCheck(id: string, wanted: "pass" | "fail"): Promise<string> {
  let last = "never run";
  await poll<true>(
    async () => {
      const { outcome, because } = lineOf(await validateLocal([id]), id);
      last = outcome;
      return outcome === wanted ? { state: "yes", value: true } : { state: "not yet", seen: because };
    },
    { what: `${id} ${wanted}`, timeoutMs: switchedMs, everyMs: 2_000 },
  );
  return last;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
