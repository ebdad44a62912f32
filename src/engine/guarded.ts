/** What `work` gives, or `otherwise` where it throws: for what only decides how a result is shown or judged, whose own error is told elsewhere. */
export function guarded<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
