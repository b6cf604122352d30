/** uptime: what a prober outside of the cluster saw of the last seven days, as Prometheus holds it. */
import { check } from "../check.ts";
import { lookAtUptime } from "./availability-looks.ts";

check("uptime", lookAtUptime);
