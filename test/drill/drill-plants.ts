/** A defect for each criterion that drills decide: users lose something, and the criterion must fail for that reason. One drill stands for all of its criterion. */
import type { AppDefect } from "../../fixtures/app-defect.ts";

export type DrillPlant = {
  readonly criterion: string;
  readonly drill: string;
  readonly defect: AppDefect;
  /** The criterion whose check shows whether the switch is on: fail while it is. */
  readonly shownBy: string;
  readonly expects: RegExp;
};

const healthApi = (name: string): AppDefect => ({
  namespace: "health-platform",
  app: "health-api",
  name: `health-api.${name}`,
});

/** It answers 201 and keeps nothing. */
const forgets = { defect: healthApi("forgets-uploads"), shownBy: "health-api-upload-read" };
/** It answers 200 with another value than was uploaded. */
const alters = { defect: healthApi("upload-altered"), shownBy: "health-api-upload-read" };

export const drillPlants: readonly DrillPlant[] = [
  {
    criterion: "pod-restart-survived",
    drill: "pod-kill-one",
    ...forgets,
    expects: /\d+ of \d+ accepted writes of health-api are lost/,
  },
  {
    criterion: "scaling-survived",
    drill: "scale-to-zero",
    defect: {
      namespace: "todo-chatbot",
      app: "notification-service",
      name: "notification-service.delivers-twice",
    },
    shownBy: "todo-notification-delivered",
    expects: /\d+ of \d+ events came more than once, as that of todo-backend/,
  },
  {
    criterion: "node-loss-survived",
    drill: "node-drain",
    ...forgets,
    expects: /\d+ of \d+ accepted writes of health-api are lost/,
  },
  {
    criterion: "dependency-outage-survived",
    drill: "network-cut",
    ...alters,
    expects: /\d+ of \d+ requests to health-api failed, .* has another content than was written/,
  },
  {
    criterion: "rollback-restores-service",
    drill: "bad-rollout",
    ...alters,
    expects: /\d+ of \d+ requests to health-api failed, .* has another content than was written/,
  },
  {
    criterion: "disturbance-survived",
    drill: "http-delay",
    ...forgets,
    expects: /\d+ of \d+ accepted writes of health-api are lost/,
  },
  {
    criterion: "restore-data-intact",
    drill: "restore",
    defect: healthApi("object-altered"),
    shownBy: "data-flow-end-to-end",
    expects: /\d+ of \d+ rows and objects are altered/,
  },
];
