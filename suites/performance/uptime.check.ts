/** uptime: a week of probes from outside, as Prometheus holds them. */
import { check } from "../check.ts";
import { lookAtUptime } from "./availability-looks.ts";

check("uptime", async (context) => lookAtUptime(context));
