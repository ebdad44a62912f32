import type { Secrets } from '../secrets.ts';
import type { YamlNode } from './node.ts';

/** Takes every text value of a file that was encrypted as a whole for a secret; numbers and booleans are too common to mask. */
export function addSecretsOf(root: YamlNode | undefined, secrets: Pick<Secrets, 'add'>): void {
  if (!root) return;
  if (root.kind === 'scalar') {
    if (typeof root.value === 'string') secrets.add(root.value);
  } else if (root.kind === 'sequence') {
    for (const item of root.items) addSecretsOf(item, secrets);
  } else {
    for (const { value } of root.entries) addSecretsOf(value, secrets);
  }
}
