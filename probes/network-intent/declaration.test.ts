import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { networkIntentOf } from "../../environments/network-intent.ts";
import { readDeclaration } from "./declaration.ts";
import { isDeclared } from "./expected.ts";

const folder = mkdtempSync(join(tmpdir(), "oke-proof-declaration-"));
const now = new Date("2026-11-22T12:00:00.000Z");
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const base = file(
  "values.yaml",
  `namespaces: [a]
peers: { one: { namespace: a, pods: {} }, far: { cidrs: [] } }
connections:
  kept: { why: w, from: [one], to: [far], ports: [1] }
  left: { why: w, from: [one], to: [far] }
`,
);

test("values are laid over each other as Helm does it", async () => {
  const over = file("over.yaml", "peers: { far: { cidrs: [10.0.0.0/8] } }\nconnections: { left: null }\n");
  const reading = await readDeclaration([base, over], now);
  expect(reading).toMatchObject({ ok: true, value: { peers: { far: { cidrs: ["10.0.0.0/8"] } } } });
  expect(reading.ok ? Object.keys(reading.value.connections) : []).toEqual(["kept"]);
});

test.each([
  ["a file that is not there", () => join(folder, "none.yaml")],
  ["no YAML", () => file("bad.yaml", "a: [")],
  ["another shape", () => file("shape.yaml", "namespaces: []\n")],
])("%s is no reading", async (_, bad) => {
  expect(await readDeclaration([bad()], now)).toMatchObject({ ok: false });
});

test.each(["local", "kind", "oke-staging", "oke-production"] as const)(
  "with the values of %s every target is somebody's, and nobody's without a connection",
  async (environment) => {
    const { declaration, places, targets } = networkIntentOf(environment);
    const reading = await readDeclaration(declaration, now);
    if (!reading.ok) throw new Error(reading.why);
    const unreached = targets.filter((each) => !places.some(({ place }) => isDeclared(reading.value, place, each)));
    expect(unreached.map(({ name }) => name)).toEqual([]);
    const known = targets.flatMap(({ peer }) => (peer === undefined ? [] : [peer.name]));
    expect(known.filter((name) => reading.value.peers[name] === undefined)).toEqual([]);
    expect(targets.filter((each) => isDeclared(reading.value, "health-stranger", each))).toEqual([]);
  },
);
