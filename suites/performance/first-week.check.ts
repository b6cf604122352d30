/** first-week-without-incident: alerts and probes of the week after the cutover, and the incident log that a person attests of it. */
import { check } from "../check.ts";
import { lookAtFirstWeek } from "./availability-looks.ts";

check("first-week-without-incident", lookAtFirstWeek);
