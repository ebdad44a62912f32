/** Rows of cells as text: the first column to the left, the others to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const line = (row) =>
    row
      .map((cell, column) =>
        column === 0 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column] + 2),
      )
      .join('')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}
