/** The todo platform: its event bus, Dapr, and what its users see. */
import type { Criterion } from "../harness/criterion.ts";
import { deployedState, freshLook, repeatedFlow } from "./evidence.ts";
import { atMost, none } from "./limits.ts";
import { everywhere } from "./scopes.ts";
import { task, taskSuccess } from "./sources.ts";

const kafka: readonly Criterion[] = [
  {
    id: "kafka-topics-exist",
    suite: "infra",
    area: "Events",
    must: "The topics task-events, reminders and task-updates MUST exist before any client has touched them.",
    // With automatic creation on, asking for a topic makes it: the broker must refuse a made-up name first.
    limits: [none("topics missing, and made-up topics that were created on demand", "topics")],
    evidence: deployedState,
    severity: "critical",
    sources: [task("T041"), task("T053")],
    scope: everywhere,
    check: "infra/kafka-topics",
  },
  {
    id: "kafka-round-trip",
    suite: "infra",
    area: "Events",
    must: "The broker MUST deliver every message that it acknowledged, on every topic, to an independent consumer.",
    limits: [none("acknowledged messages lost or altered", "messages")],
    evidence: repeatedFlow,
    severity: "critical",
    sources: [task("T040"), task("T052")],
    scope: everywhere,
    check: "infra/kafka-round-trip",
  },
];

const application: readonly Criterion[] = [
  {
    id: "todo-frontend-served",
    suite: "infra",
    area: "Todo platform",
    must: "The ChatKit UI MUST be served through the ingress with all the files that it asks for.",
    limits: [none("pages and files of the UI not served", "files")],
    evidence: freshLook,
    severity: "critical",
    sources: [task("T042"), task("T054"), task("T059")],
    scope: everywhere,
    check: "infra/todo-frontend",
  },
  {
    id: "todo-backend-serving",
    suite: "infra",
    area: "Todo platform",
    must: "The todo backend MUST create, return, change and delete a task for a signed-in user.",
    limits: [none("operations refused or without effect", "operations")],
    evidence: repeatedFlow,
    severity: "critical",
    sources: [task("T043"), task("T055")],
    scope: everywhere,
    check: "infra/todo-tasks",
  },
  {
    id: "todo-advanced-features",
    suite: "infra",
    area: "Todo platform",
    must: "Priorities, tags, search, filters and due dates MUST work through the todo platform's own interface.",
    limits: [none("features that do not work", "features")],
    evidence: repeatedFlow,
    severity: "normal",
    sources: [
      task("T048"),
      task("T059"),
      taskSuccess("Minikube deployment (User Story 1) fully functional"),
      taskSuccess("OKE deployment (User Story 2) fully functional"),
    ],
    scope: everywhere,
    check: "infra/todo-tasks",
  },
  {
    id: "todo-notification-delivered",
    suite: "infra",
    area: "Todo platform",
    must: "The notification service MUST deliver every reminder that is due, once.",
    limits: [none("reminders lost or delivered twice", "reminders")],
    evidence: repeatedFlow,
    severity: "critical",
    sources: [task("T044"), task("T056")],
    scope: everywhere,
    check: "infra/todo-reminders",
  },
  {
    id: "todo-recurring-next-instance",
    suite: "infra",
    area: "Todo platform",
    must: "Completing a recurring task MUST create its next instance with the next date, once.",
    limits: [none("next instances missing, doubled or with a wrong date", "instances")],
    evidence: repeatedFlow,
    severity: "critical",
    sources: [task("T045"), task("T057")],
    scope: everywhere,
    check: "infra/todo-recurring",
  },
  {
    id: "todo-reminder-flow",
    suite: "infra",
    area: "Todo platform",
    must: "A task created with a reminder MUST lead to its notification, seen at each station of the flow, within 30 s of being due.",
    // The task list gives no time: reminders are checked every 10 s or oftener, and the bus takes seconds.
    limits: [
      none("tasks that lost their event, reminder or notification", "tasks"),
      atMost("time from due to notified", 30, "s"),
    ],
    evidence: repeatedFlow,
    severity: "critical",
    sources: [
      task("T047"),
      task("T049"),
      task("T060"),
      taskSuccess("Event-driven architecture functions reliably in both environments"),
    ],
    scope: everywhere,
    check: "infra/todo-reminders",
  },
];

export const infraTodo: readonly Criterion[] = [...kafka, ...application];
