/** Where a profile asks less of backups than the one it was laid over. */
import type { Backups } from "./backups.ts";

/** One sentence a place. Where the built-in profile says nothing of backups, whatever is laid over it asks for more. */
export function backsUpLess(builtIn: Backups | undefined, backups: Backups | undefined): string[] {
  if (builtIn === undefined) return [];
  if (backups === undefined) return ["backups is left out"];
  const raised = (["ageHoursMax", "runSecondsMax", "validatedSecondsMax"] as const)
    .filter((field) => backups[field] > builtIn[field])
    .map((field) => `backups.${field} is ${backups[field]}, not ${builtIn[field]}`);
  return [
    ...raised,
    ...(backups.rateWindowSeconds < builtIn.rateWindowSeconds
      ? [`backups.rateWindowSeconds is ${backups.rateWindowSeconds}, not ${builtIn.rateWindowSeconds}`]
      : []),
    ...(backups.youngBackupsMin !== undefined && backups.youngBackupsMin < (builtIn.youngBackupsMin ?? Infinity)
      ? [`backups.youngBackupsMin is ${backups.youngBackupsMin}, not ${builtIn.youngBackupsMin ?? "left out"}`]
      : []),
    ...builtIn.schedules.flatMap(({ name, namespaces }) => {
      const ours = backups.schedules.find((one) => one.name === name)?.namespaces;
      if (ours === undefined) return [`backups.schedules has no ${name}`];
      const left = namespaces.filter((namespace) => !ours.includes(namespace));
      return left.length === 0 ? [] : [`backups.schedules: ${name} leaves out ${left.join(", ")}`];
    }),
    ...backups.reviewedWarnings
      .filter(({ matches }) => !builtIn.reviewedWarnings.some((one) => one.matches === matches))
      .map(({ matches, why }) => `backups.reviewedWarnings lets '${matches}' pass: ${why}`),
  ];
}
