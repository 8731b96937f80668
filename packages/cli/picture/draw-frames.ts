/** What a terminal shows from a time on, in milliseconds. */
export interface Frame {
  readonly time: number;
  readonly lines: readonly string[];
}

const cell = { width: 8.4, height: 20 };
const margin = { side: 20, top: 48, bottom: 16 };
const fontSize = 14;
/** How long the last frame stays, in milliseconds. */
const rest = 5000;

/**
 * Draws frames as an SVG that plays them over and over. It has its own background, so it looks the same on a
 * light and a dark page. Where nothing moves, it shows the last frame.
 */
export function drawFrames(
  frames: readonly Frame[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string {
  const width = Math.ceil(columns * cell.width) + 2 * margin.side;
  const height = rows * cell.height + margin.top + margin.bottom;
  const end = (frames.at(-1)?.time ?? 0) + rest;
  const percent = (time: number): string => `${((time / end) * 100).toFixed(2)}%`;
  const last = frames.length - 1;
  const styles = frames.map(({ time }, index) => {
    const until = frames[index + 1]?.time;
    const hidden = "{visibility:hidden}";
    const after = until === undefined ? "" : `${percent(until)}${hidden}`;
    const before = index === 0 ? "" : `0%${hidden}`;
    return `@keyframes f${index}{${before}${percent(index === 0 ? 0 : time)}{visibility:visible}${after}}`;
  });
  const groups = frames.map(({ lines }, index) => {
    const style = `animation-name:f${index}${index === last ? ";visibility:visible" : ""}`;
    return `<g style="${style}">\n${lines.map(drawLine).filter(Boolean).join("\n")}\n</g>`;
  });
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (colour, index) =>
      `<circle cx="${margin.side + 6 + index * 20}" cy="22" r="6" fill="${colour}"/>`,
  );
  const text = frames.at(-1)?.lines.join("\n").trim() ?? "";
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${escape(text)}</title>
<style>
g{visibility:hidden;animation:${(end / 1000).toFixed(1)}s step-end infinite}
text{font:${fontSize}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e6edf3;white-space:pre}
rect.bar{fill:#3fb950}
rect.rest{fill:#30363d}
@media (prefers-reduced-motion:reduce){g{animation:none}}
${styles.join("\n")}
</style>
<rect width="${width}" height="${height}" rx="10" fill="#161b22" stroke="#30363d"/>
${dots.join("\n")}
${groups.join("\n")}
</svg>
`;
}

/** Draws the blocks of a bar as rectangles, because fonts differ in them, and the rest as text. */
function drawLine(line: string, row: number): string {
  const parts = line.matchAll(/█+|░+|[^█░]+/g);
  return [...parts]
    .filter(([part]) => part.trim() !== "")
    .map(({ 0: part, index }) => {
      const x = (margin.side + index * cell.width).toFixed(1);
      const y = margin.top + row * cell.height;
      const width = (part.length * cell.width).toFixed(1);
      if (/^[█░]/.test(part)) {
        const kind = part.startsWith("█") ? "bar" : "rest";
        return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${fontSize}"/>`;
      }
      // Each character stays in its column, in whatever font.
      return `<text x="${x}" y="${y + fontSize - 2}" textLength="${width}">${escape(part)}</text>`;
    })
    .join("");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
