/** cutover-watched: the records of the soaks that cover the 48 hours after the cutover. */
import { soakFolder } from "../../environments/settings.ts";
import { check } from "../check.ts";
import { lookAtCutoverWatch } from "./availability-looks.ts";

check("cutover-watched", async (context) => lookAtCutoverWatch(context, soakFolder));
