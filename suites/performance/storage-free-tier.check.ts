/** storage-below-free-tier: what Oracle says that the tenancy of the cluster stores, of what it gives for nothing. */
import { check } from "../check.ts";
import { lookAtStorage } from "./stored.ts";

check("storage-below-free-tier", lookAtStorage);
