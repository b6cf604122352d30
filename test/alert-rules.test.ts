/** The rules and dashboards of helm/health-platform/charts/observability: what the profile declares, and what Grafana can load. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { observability } from "../environments/platform-names.ts";

const chart = join(import.meta.dirname, "..", "helm", "health-platform", "charts", "observability");
const filesOf = (folder: string): string[] => readdirSync(join(chart, folder)).map((name) => join(chart, folder, name));

const ruleFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      interval: z.string().optional(),
      rules: z.array(
        z.strictObject({
          alert: z.string().min(1),
          expr: z.string().min(1),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(["critical", "warning", "none"]) }),
          annotations: z.strictObject({ summary: z.string().min(1) }),
        }),
      ),
    }),
  ),
});

const source = z.strictObject({ type: z.enum(["prometheus", "loki"]), uid: z.enum(["prometheus", "loki"]) });
const dashboard = z.object({
  uid: z.string().min(1),
  title: z.string().min(1),
  // The range that the harness asks the panels for.
  time: z.strictObject({ from: z.literal("now-1h"), to: z.literal("now") }),
  panels: z
    .array(
      z.object({
        id: z.int(),
        title: z.string().min(1),
        datasource: source,
        targets: z
          .array(
            z.object({
              refId: z.string(),
              datasource: source,
              expr: z
                .string()
                .min(1)
                .regex(/^(?!.*(\$[{A-Za-z_]|\[\[))/),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

test("the chart's alert rules are those that the profile declares", () => {
  const rules = filesOf("rules").flatMap((file) =>
    ruleFile.parse(parse(readFileSync(file, "utf8"))).groups.flatMap((group) => group.rules),
  );
  expect(rules.map(({ alert }) => alert).toSorted()).toEqual([...observability.alertRules].toSorted());
});

test("every dashboard is whole, by the name of its file, with panels that ask something of a source there is", () => {
  const found = filesOf("dashboards").map((file) => ({
    file,
    ...dashboard.parse(JSON.parse(readFileSync(file, "utf8"))),
  }));
  expect(found.map(({ file, uid }) => file.endsWith(`/${uid}.json`))).toEqual(found.map(() => true));
  const declared = found.map(({ uid, panels }) => ({ uid, panels: panels.length }));
  expect(declared.toSorted((a, b) => (a.uid < b.uid ? -1 : 1))).toEqual(observability.dashboards);
  for (const { panels } of found) expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});
