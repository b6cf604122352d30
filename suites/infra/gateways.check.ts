/** gateway-programmed: what Envoy Gateway says of every gateway and route. */
import { readGatewayClasses, readGateways, readHttpRoutes } from "../../probes/kubernetes/gateways.ts";
import { check } from "../check.ts";
import { judgeGateways } from "./gateways.judge.ts";

check("gateway-programmed", async ({ cluster }) => {
  const [classes, gateways, routes] = await Promise.all([
    readGatewayClasses(cluster),
    readGateways(cluster),
    readHttpRoutes(cluster),
  ]);
  return judgeGateways({ classes, gateways, routes });
});
