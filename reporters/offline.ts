/** A report must open without a network, and must not tell anyone that it was opened. */

const analytics =
  /<script async src="https:\/\/www\.googletagmanager\.com[^>]*><\/script>\s*<script>[\s\S]*?<\/script>/g;

/** The page without the analytics that Allure's themes hard-code: the loader and the inline script behind it. */
export function withoutAnalytics(page: string): string {
  return page.replaceAll(analytics, "");
}

/** How many remote references are named at most. */
const namedAtMost = 5;

/**
 * What the page would load from elsewhere: `src`, `href` and the like of its tags, and `url()` and `@import` of its styles.
 * The text of inline scripts is not looked into (a bundle holds namespace names that are never loaded), except for known analytics hosts.
 */
export function remoteReferences(page: string): string[] {
  const found = new Set<string>();
  for (const [host] of page.matchAll(/googletagmanager\.com|google-analytics\.com/g)) found.add(host);
  const markup = page.replaceAll(/(<script\b[^>]*>)[\s\S]*?<\/script>/gi, "$1</script>");
  for (const [tag] of markup.matchAll(/<[a-z][^>]*>/gi)) {
    for (const match of tag.matchAll(
      /\b(?:src|href|srcset|poster|action|data)\s*=\s*["']?\s*((?:https?:)?\/\/[^\s"'>]+)/gi,
    )) {
      if (match[1] !== undefined && !/^<a\b/i.test(tag)) found.add(match[1]);
    }
  }
  for (const match of markup.matchAll(/(?:url\(|@import)\s*["']?((?:https?:)?\/\/[^\s"')]+)/gi)) {
    if (match[1] !== undefined) found.add(match[1]);
  }
  return [...found].slice(0, namedAtMost);
}
