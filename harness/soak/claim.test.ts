import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { claimCluster, processOf } from "./claim.ts";

let folder = "";
const uid = "0c0ffee0-1111-2222-3333-444455556666";

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "oke-proof-claim-")), "soak");
});

test("a cluster is claimed once, and free again after that", () => {
  const first = claimCluster(folder, uid);
  expect(first.ok).toBe(true);
  expect(claimCluster(folder, uid)).toEqual({
    ok: false,
    why: `another soak watches this cluster: process ${process.pid} on ${processOf(1).machine}: end it, or wait for its end`,
  });
  expect(claimCluster(folder, "another-cluster").ok).toBe(true);
  if (first.ok) first.release();
  expect(claimCluster(folder, uid).ok).toBe(true);
});

test("the claim of a process that was killed is taken over, and nothing is left of it", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const pid = child.pid ?? 0;
  expect(claimCluster(folder, uid, processOf(pid)).ok).toBe(true);
  expect(claimCluster(folder, uid)).toMatchObject({ ok: false, why: expect.stringContaining(`process ${pid} on`) });
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  expect(claimCluster(folder, uid).ok).toBe(true);
  expect(readdirSync(folder)).toHaveLength(1);
});

test("another process that got the number of the holder does not hold its claim", () => {
  expect(claimCluster(folder, uid, { ...processOf(process.pid), began: "1" }).ok).toBe(true);
  expect(claimCluster(folder, uid).ok).toBe(true);
});

test("the claim of another machine stands", () => {
  expect(claimCluster(folder, uid, { machine: "else.where", pid: 1, began: "" }).ok).toBe(true);
  expect(claimCluster(folder, uid)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/process 1 on else\.where: wait for its end, or delete .*\.claim if it has none$/),
  });
  expect(readdirSync(folder)).toHaveLength(1);
});

test("of several that claim at once at most one gets it", async () => {
  const script = `
    const { claimCluster } = await import(${JSON.stringify(new URL("claim.ts", import.meta.url).href)});
    process.stdout.write(claimCluster(${JSON.stringify(folder)}, "${uid}").ok ? "in" : "out");
    process.stdin.resume();
  `;
  const children = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const ends = children.map(async (child) => once(child, "exit"));
  const answers = await Promise.all(children.map(async (child) => String((await once(child.stdout, "data")).at(0))));
  // Whoever got in held it while all others asked.
  for (const child of children) child.stdin.end();
  await Promise.all(ends);
  expect(answers.filter((answer) => answer === "in").length).toBeLessThan(2);
  expect(claimCluster(folder, uid).ok).toBe(true);
});
