import { UsageError } from '../commands/command.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** Bytes of `4096`, `64K`, `1M`, `2G`. @throws UsageError */
export function parseSize(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)(?:i?B)?$/i.exec(text.trim());
  const unit = UNITS[(match?.[2] ?? '').toUpperCase()] ?? 1;
  if (!match) throw new UsageError(`--${option} takes a size, not ${text}`, 'such as 65536, 64K, 1M or 2G');
  return Math.floor(Number(match[1]) * unit);
}

/** `10%` or `3`. @throws UsageError */
export function parseShare(option: string, text: string): { readonly hosts: number } | { readonly share: number } {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  const number = Number(match?.[1]);
  const percent = match?.[2] === '%';
  if (!match || (percent ? number > 100 : !Number.isInteger(number))) {
    throw new UsageError(`--${option} takes a number of hosts or a percentage, not ${text}`, 'such as 3 or 10%');
  }
  return percent ? { share: number / 100 } : { hosts: number };
}

/** `2`, `10%`, `1,5,20%`: sizes of batches, the last for all that follow. @throws UsageError */
export function parseBatches(text: string): ReturnType<typeof parseShare>[] {
  return text.split(',').map((part) => {
    const size = parseShare('serial', part);
    if (Object.values(size)[0] === 0) throw new UsageError('--serial: a batch has at least one host');
    return size;
  });
}
