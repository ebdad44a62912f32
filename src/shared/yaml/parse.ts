import type { Document, ParsedNode, YAMLError } from 'yaml';
import type { Problem } from '../problem.ts';
import { buildTree } from './build.ts';
import { explain } from './explain.ts';
import { loadYaml } from './library.ts';
import type { YamlFile } from './node.ts';
import { makeSource } from './source.ts';

/**
 * YAML text with positions, read as PyYAML's SafeLoader reads it. Never throws: what is wrong is in `problems`, and
 * after a syntax error there is no `root`. A key written twice is a warning, and its last value counts, as in Ansible.
 */
export function parseYaml(text: string, file: string): YamlFile {
  const { LineCounter, parseAllDocuments } = loadYaml();
  const counter = new LineCounter();
  const source = makeSource(text, file, counter);
  const documents = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    lineCounter: counter,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const all: readonly Document.Parsed[] = documents;
  const judged = 'empty' in documents ? [documents] : all;
  const error = firstError(judged.flatMap(({ errors, warnings }) => [...errors, ...warnings.filter(isGrave)]));
  if (error) return { problems: [explain(error, text, source)] };
  const strange = text.search(NOT_PRINTABLE);
  if (strange !== -1) return { problems: [source.problemAt(strange, controlCharacter(text, strange))] };
  const second = all[1];
  if (second) return { problems: [secondDocument(second, source.problemAt)] };
  const contents = all[0]?.contents as ParsedNode | null | undefined;
  return contents ? buildTree(contents, source) : { problems: [] };
}

/** What PyYAML's reader refuses: control characters, surrogates, U+FFFE. */
const NOT_PRINTABLE =
  /[^\t\n\r -~\u0085\u00a0-\ufffd]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function controlCharacter(text: string, offset: number): string {
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return `the character U+${code} may not stand in YAML; write it as an escape in double quotes`;
}

/** Warnings of the parser about what PyYAML refuses or reads in another way. */
function isGrave(warning: YAMLError): boolean {
  return warning.code === 'BAD_DIRECTIVE' || warning.code === 'BAD_ALIAS';
}

/** Later errors follow from the first: they would point at lines that are right. */
function firstError(errors: readonly YAMLError[]): YAMLError | undefined {
  return [...errors].sort((a, b) => a.pos[0] - b.pos[0])[0];
}

function secondDocument(
  document: Document.Parsed,
  problemAt: (offset: number, message: string, hint?: string) => Problem,
): Problem {
  return problemAt(
    document.range[0],
    'a second document begins here, and one file holds one document',
    'remove the ---',
  );
}
