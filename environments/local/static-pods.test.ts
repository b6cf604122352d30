import { expect, test } from "vitest";
import type { Engine } from "./engine.ts";
import { renewRestarted } from "./static-pods.ts";

type Pod = { readonly component: string; readonly restartCount: number; readonly ready: boolean };

/** An engine whose control plane has these pods, and others once a manifest was changed. */
function engineWith(before: readonly Pod[], after: readonly Pod[]) {
  const changes: string[] = [];
  const listOf = (pods: readonly Pod[]): string =>
    JSON.stringify({
      items: pods.map(({ component, ...status }) => ({
        metadata: { name: `${component}-node`, labels: { component, tier: "control-plane" } },
        status: { containerStatuses: [status] },
      })),
    });
  const engine: Engine = {
    name: "podman",
    version: "5",
    env: {},
    call: async (args) => {
      const isChange = args.includes("sh");
      if (isChange) changes.push(args.at(-1) ?? "");
      return { code: 0, stdout: isChange ? "" : listOf(changes.length === 0 ? before : after), stderr: "" };
    },
  };
  return { engine, changes };
}

const begun = { component: "kube-controller-manager", restartCount: 1, ready: true };
const other = { component: "kube-scheduler", restartCount: 0, ready: true };

test("what never restarted is left alone", async () => {
  const { engine, changes } = engineWith([other, { ...begun, restartCount: 0 }], []);
  const said: string[] = [];
  await renewRestarted(engine, { say: (line) => said.push(line), signal: AbortSignal.timeout(5_000) });
  expect([changes, said]).toEqual([[], []]);
});

test("what restarted is made anew by its manifest, and waited for", async () => {
  const { engine, changes } = engineWith([other, begun], [other, { ...begun, restartCount: 0 }]);
  const said: string[] = [];
  await renewRestarted(engine, { say: (line) => said.push(line), signal: AbortSignal.timeout(5_000) });
  expect(changes).toEqual([
    "sed -i '0,/^  labels:/s//  labels:\\n    oke-proof\\/made: anew/' /etc/kubernetes/manifests/kube-controller-manager.yaml",
  ]);
  expect(said).toEqual(["  kube-controller-manager restarted 1 times while the control plane came up: made anew"]);
});

test.each([
  ["is still the old one", [other, begun]],
  ["is not ready", [other, { ...begun, restartCount: 0, ready: false }]],
  ["is gone", [other]],
])("what restarted and %s was not made anew", async (_, after) => {
  const { engine } = engineWith([other, begun], after);
  const renewing = renewRestarted(engine, { say: () => undefined, signal: AbortSignal.timeout(300) });
  await expect(renewing).rejects.toThrow(/the control plane's pods made anew.*: run 'bin\/oke-proof down', then 'up'/);
});
