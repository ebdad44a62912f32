/** What a read script of the system modules prints: text sections behind `>`, files in base64. */
export function printed(sections: Readonly<Record<string, string | readonly string[] | Buffer>>): string {
  const parts = Object.entries(sections).map(([name, value]) => {
    if (Buffer.isBuffer(value)) return `\n@${name}\n${value.toString('base64')}\n`;
    const lines = typeof value === 'string' ? [value] : value;
    return `\n@${name}\n${lines.map((line) => `>${line}\n`).join('')}`;
  });
  return parts.join('');
}

export function file(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
