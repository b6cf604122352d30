/** The command of a soak as people and supervisors call it: ended by signals, killed, and called again. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { projectRoot, soakFolder } from "../../environments/settings.ts";
import { findSoaks } from "../../harness/soak/find.ts";
import { readLedger } from "../../reporters/ledger.ts";
import { onPlatform, type SoakPlatform } from "./platform.ts";

const folder = mkdtempSync(join(tmpdir(), "oke-proof-soak-command-"));
const out = join(folder, "run");
const args = ["--env", "kind", "--suite", "performance", "--criterion", "autoscalers-ready", "--out", out];

/** Runs the command, sends it a signal as soon as it says that it watches, and waits for its end. */
async function endedBy(
  signal: "SIGINT" | "SIGTERM" | "SIGKILL",
  { profile }: Pick<SoakPlatform, "profile">,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const { ingress, timeouts } = profile;
  const layer = join(folder, "profile.json");
  writeFileSync(layer, JSON.stringify({ ingress, timeouts }));
  const child = spawn(join(projectRoot, "bin", "oke-proof"), ["validate", ...args, "--soak", "5m"], {
    env: { ...process.env, OKE_PROOF_KUBECONFIG: profile.cluster.kubeconfig, OKE_PROOF_PROFILE: layer },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 50_000,
  });
  let output = "";
  let isSent = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      // Once: a second one may meet a process that is at its end, and has laid down its handlers.
      if (!isSent && /^soak of 5 min on kind (begins|goes on)/m.test(output)) isSent = child.kill(signal);
    });
  }
  const exitCode = await new Promise<number | null>((done) => child.once("close", done));
  return { exitCode, output };
}

test("a soak ends by a signal with its exit code and the command that goes on, survives a kill, and goes on", async () => {
  const uid = randomUUID();
  const ofTest = () =>
    findSoaks(soakFolder, new Date()).flatMap(({ file, record }) =>
      record.ok && record.value.plan.clusterUid === uid ? [{ file, ...record.value }] : [],
    );
  try {
    await onPlatform({ uid, status: () => 200 }, async (platform) => {
      const interrupted = await endedBy("SIGINT", platform);
      expect(interrupted.exitCode, interrupted.output).toBe(130);
      expect(interrupted.output.split("\n")[0]).toMatch(/^soak of 5 min on kind begins: from /);
      expect(interrupted.output).toContain(
        `the soak goes on with the same command: bin/oke-proof validate ${args.join(" ")} --soak 5m`,
      );
      expect(readLedger(join(out, "ledger.json"))).toMatchObject({
        verdict: "not-proven",
        exitCode: 130,
        run: { notes: expect.arrayContaining([expect.stringMatching(/^The soak did not come to its end/)]) },
      });
      expect((await endedBy("SIGKILL", platform)).exitCode).toBe(null);
      const ended = await endedBy("SIGTERM", platform);
      expect(ended.exitCode, ended.output).toBe(143);
      expect(ended.output).toMatch(/^soak of 5 min on kind goes on until /);
    });
    // One record, of three sessions: nothing was begun anew.
    expect(ofTest()).toMatchObject([{ sessions: 3, ended: { how: "interrupted" } }]);
  } finally {
    for (const { file } of ofTest()) rmSync(dirname(file), { recursive: true });
    rmSync(folder, { recursive: true });
  }
}, 90_000);
