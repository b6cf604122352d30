/** api-server-reachable: the API server's own list of its parts, and the services behind its API, asked with the harness's account. */
import { readApiServices, readReadyParts } from "../../probes/kubernetes/api-server.ts";
import { check } from "../check.ts";
import { judgeApiServer } from "./api-server.judge.ts";

check("api-server-reachable", async ({ cluster }) => {
  const [parts, services] = await Promise.all([readReadyParts(cluster), readApiServices(cluster)]);
  return judgeApiServer(parts, services);
});
