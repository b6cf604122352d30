/** The list of drills. */
import type { Profile } from "../environments/profile.ts";
import type { Drill } from "../fixtures/faults/drill.ts";
import { whyNotPermitted } from "../fixtures/faults/guards.ts";

/** One line a drill, with those below it that tell what it decides and why it may not be made here. */
export function drillLines(drills: readonly Drill[], profile: Pick<Profile, "name" | "permits">): readonly string[] {
  if (drills.length === 0) return ["there are no drills"];
  const width = Math.max(...drills.map(({ name }) => name.length));
  const kinds = Math.max(...drills.map(({ disturbance }) => disturbance.length));
  const rows = drills.flatMap((drill) => {
    const why = whyNotPermitted(profile, drill);
    const first = `  ${why === undefined ? "may" : "may not"}`.padEnd(10);
    const indent = " ".repeat(10 + width + 2 + kinds + 2);
    return [
      `${first}${drill.name.padEnd(width)}  ${drill.disturbance.padEnd(kinds)}  ${drill.about}`,
      `${indent}decides ${drill.criteria.join(", ")}`,
      ...(why === undefined ? [] : [`${indent}${why}`]),
    ];
  });
  const may = drills.filter((drill) => whyNotPermitted(profile, drill) === undefined).length;
  return [
    ...rows,
    `${drills.length} drills, ${may} of them permitted on '${profile.name}': 'oke-proof drill NAME --dry-run' says what one would touch`,
  ];
}
