import type { Problem } from '../shared/problem.ts';
import type { InventoryIo } from './io.ts';
import { makeReporter, reasonOf } from './problems.ts';

export interface ReadContext {
  readonly io: InventoryIo;
  /** Opens a file that is an Ansible Vault as a whole. */
  readonly decrypt?: (ciphertext: string) => string;
  readonly problems: Problem[];
}

/** The text of a file, decrypted; undefined after a problem was told. Bytes that are no UTF-8 may stand in comments only. */
export function readText(path: string, context: ReadContext): string | undefined {
  try {
    return decode(path, context.io.readFile(path), context);
  } catch (error) {
    makeReporter(path, '', context.problems).error(undefined, `cannot be read: ${reasonOf(error)}`);
    return undefined;
  }
}

/** As `readText`, of bytes that are here already. */
export function decode(path: string, bytes: Uint8Array, context: ReadContext): string | undefined {
  const text = new TextDecoder('utf-8').decode(bytes);
  const reporter = makeReporter(path, text, context.problems);
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    if (!context.decrypt) {
      reporter.error(
        { line: 1, column: 1 },
        'this file is encrypted with Ansible Vault',
        'give its password: --vault-id',
      );
      return undefined;
    }
    try {
      return context.decrypt(text);
    } catch (error) {
      reporter.error({ line: 1, column: 1 }, `the vault cannot be opened: ${reasonOf(error)}`);
      return undefined;
    }
  }
  if (!text.includes('\ufffd') || isUtf8(bytes)) return text;
  const lines = text.split(/\r\n|\n|\r/);
  const index = lines.findIndex((line) => line.includes('\ufffd') && !/^\s*[#;]/.test(line));
  const line = lines[index];
  if (line === undefined) return text;
  reporter.error({ line: index + 1, column: line.indexOf('\ufffd') + 1 }, 'this is not UTF-8');
  return undefined;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
