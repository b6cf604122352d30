/** Every right that an account of the platform has, by the charts' own roles. What is not here is not allowed. */
import type { Posture } from "./posture.ts";

export const platformRights: Posture["rights"] = { accounts: [], idleTokens: [] };
