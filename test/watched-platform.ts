/** A small platform behind TLS for tests of the watch: it keeps records and tasks, and each request may be disturbed. */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Profile } from "../environments/profile.ts";
import type { Session } from "../probes/sign-in/session.ts";
import { testAuthority } from "./certificate-authority.ts";
import { listening } from "./loopback.ts";

const host = "platform.oke-proof.test";
const authority = await testAuthority("ingress");
const issued = await authority.issue({ names: [host] });

/** What a test does to the n-th request (from 1): true where it has answered, hung up, or keeps silent itself. */
export type Disturb = (
  request: { readonly nth: number; readonly method: string; readonly path: string },
  response: ServerResponse,
) => boolean;

export type WatchedPlatform = {
  readonly profile: Pick<Profile, "health" | "todo" | "timeouts">;
  readonly session: Session;
  /** Everything that is kept, by id: a test may alter it, or lose it. */
  readonly kept: Map<string, Record<string, unknown>>;
  /** How many requests there were. */
  readonly asked: () => number;
  /** Task ids, each once a notification of it. */
  readonly notified: string[];
};

/** Serves while `work` runs. @param disturb nothing where it is left out */
export async function watchedPlatform<T>(
  work: (platform: WatchedPlatform) => Promise<T>,
  disturb: Disturb = () => false,
): Promise<T> {
  const kept: WatchedPlatform["kept"] = new Map();
  const notified: string[] = [];
  let nth = 0;
  const server = createServer(issued, (request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      nth += 1;
      const { method = "", url: path = "" } = request;
      if (disturb({ nth, method, path }, response)) return;
      const [status, said] = answerTo({ method, path, body }, kept, notified);
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(said === undefined ? "" : JSON.stringify(said));
    });
  });
  return listening(server, async (port) => {
    const endpoint = { ip: "127.0.0.1", port, label: `127.0.0.1:${port}`, lookupMs: 0 };
    const session = { user: "bob-a", tenant: "a", role: "member", token: "t", session: "s" } as const;
    const prober = { namespace: "n", pod: "p", port: 8080 };
    return work({
      profile: {
        health: { host, users: ["bob-a"], roles: {}, prober },
        todo: { host, user: "bob-a" },
        timeouts: { requestMs: 400, checkMs: 10_000 },
      },
      session: { ...session, endpoint, authority: { certificates: [authority.pem] } },
      kept,
      notified,
      asked: () => nth,
    });
  });
}

function answerTo(
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: string },
  kept: WatchedPlatform["kept"],
  notified: readonly string[],
): readonly [number, unknown] {
  const [, , , kind, id = "", part] = path.split("/");
  if (method === "POST") {
    const made = madeOf(kind, JSON.parse(body));
    kept.set(String(made["id"]), made);
    return [201, made];
  }
  if (kind === "notifications" && method === "GET") {
    const at = new Date().toISOString();
    const notifications = notified.map((taskId, index) => ({
      id: `${taskId}.${index}`,
      taskId,
      title: "t",
      remindAt: at,
      deliveredAt: at,
    }));
    return [200, { notifications }];
  }
  if (kind === "notifications") return [204, undefined];
  const found = kept.get(id);
  if (found === undefined) return [404, { error: { code: "no-record" } }];
  if (method === "DELETE") {
    kept.delete(id);
    return kind === "records" ? [200, { status: "deleted" }] : [204, undefined];
  }
  if (part === "narrative")
    return [200, { record: id, text: "told", sha256: "a", writtenAt: new Date().toISOString() }];
  return [200, found];
}

function madeOf(kind: string | undefined, sent: Record<string, unknown>): Record<string, unknown> {
  const now = new Date().toISOString();
  const id = randomUUID();
  return kind === "records"
    ? { ...sent, id, owner: "bob-a", sha256: "a".repeat(64), recordedAt: now }
    : { ...sent, id, status: "open", priority: "normal", createdAt: now };
}
