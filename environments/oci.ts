/** How Oracle's own API is asked about the tenancy. Names and paths: the key itself stays in the file that Oracle's tools keep it in. */
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** The shape of the profile's field `oci`. */
export const ociSchema = z.strictObject({
  /** Path of the configuration file of Oracle's command line, as `~/.oci/config`, and the name of its section. */
  configFile: z.string().min(1),
  configProfile: z.string().min(1),
  /** OCID of the tenancy that the run expects: what another one stores proves nothing of this. */
  tenancy: z.string().regex(/^ocid1\.tenancy\.[a-z0-9.-]+$/, { error: "is no OCID of a tenancy" }),
  /** The region that the free tier belongs to, as `eu-frankfurt-1`. */
  homeRegion: z.string().regex(/^[a-z]+(-[a-z]+)+-\d+$/, { error: "is no region, as eu-frankfurt-1" }),
});

export type OciAccess = z.infer<typeof ociSchema>;

/**
 * The tenancy of an Oracle environment, asked by a user of the harness's own who may read and nothing else (docs/decisions/0022). Whose tenancy it is
 * only the installation knows: until its OCID is laid over this, the file belongs to another tenancy than is expected, and nothing is read.
 */
export const oracleTenancy: OciAccess = {
  configFile: join(homedir(), ".oci", "config"),
  configProfile: "OKE-PROOF",
  tenancy: "ocid1.tenancy.oc1..lay-your-own-over-this",
  homeRegion: "eu-frankfurt-1",
};
