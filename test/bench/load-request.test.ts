import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unfitUsers } from "../../fixtures/load/load-file.ts";
import { readApiServerClock, readIngressClock } from "../../probes/load/clocks.ts";
import { testAuthority } from "../certificate-authority.ts";
import { listening } from "../loopback.ts";
import { latencyServer } from "./latency-server.ts";
import { requestTo, targetNames } from "./load-request.ts";

test("a load takes the target for a platform: its users are fit, and both clocks can be compared", async () => {
  const authority = await testAuthority("bench");
  const target = latencyServer([{ percent: 100, fromMs: 1, toMs: 2 }], await authority.issue({ names: targetNames }));
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-request-"));
  try {
    await listening(target.server, async (port) => {
      const { profile, users } = requestTo({ port, authority: authority.pem }, directory);
      expect(unfitUsers(users, Date.now() + 600_000)).toBeUndefined();
      const signal = AbortSignal.timeout(10_000);
      const clocks = await Promise.all([readIngressClock(profile, signal), readApiServerClock(profile, signal)]);
      for (const clock of clocks) expect(clock).toMatchObject({ ok: true });
      expect(target.given()).toEqual([]);
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
