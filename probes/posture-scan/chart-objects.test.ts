import { expect, test } from "vitest";
import { withProgram } from "../../test/stand-in-scanner.ts";
import { readChartObjects } from "./chart-objects.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const releases = ["one", "two"].map((name) => ({ name, namespace: `of-${name}`, chart: name, values: [], set: {} }));
const plan = { environment: "oke-staging", releases } as const;

/** In Helm's place: prints the text given for the release that it is asked for. */
const helmSaying = (texts: Readonly<Record<string, string>>): string =>
  `process.stdout.write((${JSON.stringify(texts)})[process.argv[3]] ?? "", () => process.exit(0));`;

async function readFrom(texts: Readonly<Record<string, string>>): ReturnType<typeof readChartObjects> {
  return withProgram(helmSaying(texts), async (helm) => readChartObjects(helm, plan, { leftOut: ["elsewhere"], now }));
}

const pod = "apiVersion: v1\nkind: Pod\nmetadata: { name: a, labels: { app: a } }\nspec: { containers: [] }\n";

test("graded kinds of all releases, in their own namespace or their release's, without those of others", async () => {
  const policy =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: default, namespace: NS }\nspec: {}\n";
  const map = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n";
  const found = await readFrom({
    one: [pod, map].join("---\n"),
    two: [policy.replace("NS", "of-one"), policy.replace("NS", "elsewhere")].join("---\n"),
  });
  expect(found).toMatchObject({ ok: true, source: "helm template, oke-staging" });
  expect(found.ok ? found.value : []).toEqual([
    {
      apiVersion: "v1",
      kind: "Pod",
      namespace: "of-one",
      name: "a",
      workload: "a",
      manifest: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "a", namespace: "of-one", labels: { app: "a" } },
        spec: { containers: [] },
      },
    },
    expect.objectContaining({ kind: "NetworkPolicy", namespace: "of-one", name: "default" }),
  ]);
});

test.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
  ["a release that does not render", { one: pod, two: "kind: Pod\nmetadata: {}\n" }, /^two: a document is no object/],
  [
    "an object without a spec",
    { one: pod.replace(/spec.*\n/, "") },
    /^Pod a of release one: labels that are no texts, or no spec$/,
  ],
  ["a label that is a number", { one: pod.replace("app: a", "app: 1") }, /^Pod a of release one: labels/],
])("%s leaves no reading", async (_, texts, why) => {
  expect(await readFrom(texts)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});
