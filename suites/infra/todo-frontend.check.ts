/** todo-frontend-served: the page as a browser asks for it, at every address of the ingress. */
import { randomBytes } from "node:crypto";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { readAuthority } from "../../probes/http/authority.ts";
import { resolveAll, type Endpoint } from "../../probes/http/endpoints.ts";
import { readFileOfPage, readPage } from "../../probes/todo/page.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeFrontendServed, type PageAt } from "./todo-frontend.judge.ts";

const filesAtOnce = 8;

check("todo-frontend-served", async (context) => judgeFrontendServed(await readPages(context)));

async function readPages({
  profile,
  signal,
}: Pick<CheckContext, "profile" | "signal">): Promise<Reading<readonly PageAt[]>> {
  const { host } = profile.todo;
  const timeoutMs = profile.timeouts.requestMs;
  const authority = await readAuthority(profile.ingress.caFile);
  if (!authority.ok) return authority;
  const { addresses, endpoints } = await resolveAll(profile.ingress.https, { timeoutMs, signal });
  const unknown = addresses.flatMap((address) => (address.ok ? [] : [address.why]));
  if (unknown.length > 0) return unread(unknown.join("; "), host, new Date());
  const madeUp = `/assets/${randomBytes(6).toString("hex")}.js`;
  const pageAt = async (endpoint: Endpoint): Promise<PageAt> => {
    const where = { endpoint, host, authority: authority.value, timeoutMs, signal };
    const page = await readPage(where, "/");
    const files = page.ok ? page.value.files : [];
    return {
      address: endpoint.label,
      page,
      files: await fewAtATime(files, filesAtOnce, async (file) => readFileOfPage(where, file)),
      madeUp: await readPage(where, madeUp),
    };
  };
  return read(await Promise.all(endpoints.map(pageAt)), `https://${host}/`, new Date());
}
