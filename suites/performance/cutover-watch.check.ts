/** cutover-watched: the soaks of this cluster that cover the hours after the cutover. */
import { check } from "../check.ts";
import { lookAtCutoverWatch } from "./availability-looks.ts";
import { soakFolder } from "./soak.ts";

check("cutover-watched", async (context) => lookAtCutoverWatch(context, soakFolder));
