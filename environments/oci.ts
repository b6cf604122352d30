/** How Oracle's own API is asked about the tenancy. Names and paths: the key itself stays in the file that Oracle's tools keep it in. */
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
