import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { platformPosture } from "./platform-posture.ts";
import { projectRoot } from "./settings.ts";

const textOf = (file: string): string => readFileSync(join(projectRoot, "helm", file), "utf8");
const label = "pod-security.kubernetes.io/enforce";
const namespace = z.object({ metadata: z.object({ name: z.string(), labels: z.object({ [label]: z.string() }) }) });
const values = z.object({ posture: z.object({ namespaces: z.array(z.string()) }) });

test("the posture names every namespace that the charts are given, with its level, and the harness may look at each", () => {
  const made = parseAllDocuments(textOf("namespaces.yaml"))
    .map((document) => namespace.parse(document.toJS()).metadata)
    .map(({ name, labels }) => `${name}: ${labels[label] ?? ""}`);
  const judged = platformPosture.namespaces.map(({ name, level }) => `${name}: ${level}`);
  expect(judged.toSorted()).toEqual(made.toSorted());
  const asked = values.parse(parse(textOf("harness-access/values.yaml"))).posture.namespaces;
  expect(asked.toSorted()).toEqual(platformPosture.namespaces.map(({ name }) => name).toSorted());
});
