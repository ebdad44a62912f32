import { readFileSync } from 'node:fs';
import type { TemplateEngine } from '../model/template.ts';
import { toValue } from '../model/yaml-value.ts';
import { makeTemplateEngine } from '../playbook/index.ts';
import { KprepError } from '../shared/errors.ts';
import type { Secrets } from '../shared/secrets.ts';
import { decryptVault } from '../shared/vault.ts';
import { parseYaml } from '../shared/yaml/parse.ts';
import { addSecretsOf } from '../shared/yaml/secrets.ts';
import type { Io } from './io.ts';
import { makeLookups } from './lookups.ts';
import type { VaultPassword } from './passwords.ts';

export interface TemplatesRequest {
  readonly playbookDir: string;
  /** False: lookups are refused (`--syntax-check`). */
  readonly lookups: boolean;
  readonly vaultPasswords: readonly VaultPassword[];
  readonly secrets: Secrets;
}

/** The template engine with what it may do on this machine, and what opens whole files that are a vault. */
export function makeTemplates(
  io: Io,
  request: TemplatesRequest,
): { readonly engine: TemplateEngine; readonly decrypt: (ciphertext: string) => string } {
  const lookups = makeLookups(io, request.playbookDir);
  const engine = makeTemplateEngine({
    ...(request.lookups ? { lookups } : {}),
    parseYaml: plainYaml,
    loadTemplate(name, from) {
      const path = lookups.findFile(name, 'templates', from);
      return path === undefined
        ? undefined
        : { text: readFileSync(path, 'utf8'), at: { file: path, line: 1, column: 1 } };
    },
  });
  return {
    engine,
    decrypt(ciphertext) {
      const text = decryptWithAny(ciphertext, request.vaultPasswords);
      addSecretsOf(parseYaml(text, 'vault').root, request.secrets);
      return text;
    },
  };
}

/** For `from_yaml`: what it reads is data, and text in it is never a template. */
function plainYaml(text: string): ReturnType<typeof toValue> {
  const { root, problems } = parseYaml(text, 'from_yaml');
  const error = problems.find(({ level }) => level === 'error');
  if (error) throw new KprepError('template', `from_yaml: ${error.message}`);
  return root ? toValue(root, { templates: false }) : null;
}

function decryptWithAny(ciphertext: string, passwords: readonly VaultPassword[]): string {
  let failure: unknown = new KprepError('task', 'the file is encrypted and no vault password is given', {
    remedy: 'use --vault-password-file or --ask-vault-pass',
  });
  for (const { password } of passwords) {
    try {
      return decryptVault(ciphertext, password).toString();
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
