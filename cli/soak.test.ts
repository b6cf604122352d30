import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../environments/settings.ts";
import { onPlatform } from "../test/soak/platform.ts";
import { commandOf, soakBefore, soakMinutesOf } from "./soak.ts";

const uid = "5eed5eed-1111-2222-3333-444455556666";
const folder = (): string => join(mkdtempSync(join(tmpdir(), "oke-proof-soak-before-")), "soak");
const quiet = { say: () => undefined, signal: new AbortController().signal };

test("a soak is of the suite performance, and its length is checked first", () => {
  expect(soakMinutesOf("48h", ["performance"])).toBe(2880);
  expect(soakMinutesOf("5m", ["infra", "performance"])).toBe(5);
  expect(() => soakMinutesOf("5m", [])).toThrow(UsageError);
  expect(() => soakMinutesOf("5m", ["infra"])).toThrow(/add '--suite performance'/);
  expect(() => soakMinutesOf("5", ["performance"])).toThrow(/write whole hours or minutes/);
});

test.each([
  ["that held", 200, "pass", /^The soak passed: the 1 hours of the soak were watched .*\(.*looks\.jsonl\)$/],
  [
    "that burned its budget",
    503,
    "fail",
    /^The soak failed: 1 of 3 minutes had no answer from outside.*looks\.jsonl\)$/,
  ],
] as const)("a soak %s joins the run as that", async (_, status, outcome, told) => {
  const soak = await onPlatform({ uid, status: () => status }, async ({ profile }) =>
    soakBefore(profile, { minutes: 3, folder: folder(), everyMs: 1_000 }, quiet),
  );
  expect(soak).toEqual({ outcome, told: expect.stringMatching(told) });
});

test("a soak that was interrupted is unproven, and says that it can go on", async () => {
  const soak = await onPlatform({ uid, status: () => 200 }, async ({ profile }) =>
    soakBefore(profile, { minutes: 50, folder: folder() }, { ...quiet, signal: AbortSignal.timeout(700) }),
  );
  expect(soak).toEqual({
    outcome: "unproven",
    told: expect.stringMatching(
      /^The soak did not come to its end: .*; the same command goes on with it \(.*looks\.jsonl\)$/,
    ),
  });
});

test("where the cluster cannot be reached nothing was watched", async () => {
  const soak = await onPlatform({ uid, status: () => 200 }, async ({ profile }) => {
    const nowhere = { ...profile, cluster: { kubeconfig: join(tmpdir(), "no-such-kubeconfig") } };
    return soakBefore(nowhere, { minutes: 3, folder: folder() }, quiet);
  });
  expect(soak).toEqual({
    outcome: "unproven",
    told: expect.stringMatching(/^The soak could not be made: .*kubeconfig/),
  });
});

test("the command that goes on is the one that was called", () => {
  expect(commandOf({ env: "local", suite: ["performance"], soak: "48h" })).toBe(
    "bin/oke-proof validate --env local --suite performance --soak 48h",
  );
  const all = { env: "kind", suite: ["performance", "infra"], criterion: ["uptime"], out: "x", soak: "5m" };
  expect(commandOf(all)).toBe(
    "bin/oke-proof validate --env kind --suite performance infra --criterion uptime --out x --soak 5m",
  );
});
