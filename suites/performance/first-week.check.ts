/** first-week-without-incident: alerts, evaluations and probes of the week after the cutover, and what a person attests of it. */
import { check } from "../check.ts";
import { lookAtFirstWeek } from "./availability-looks.ts";

check("first-week-without-incident", async (context) => lookAtFirstWeek(context));
