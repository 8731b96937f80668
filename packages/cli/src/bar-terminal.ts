import { clearLine, clearScreenDown, cursorTo, moveCursor } from "node:readline";
import type { Context } from "./context.ts";

/** What cli-progress needs of a terminal. */
interface BarTerminal {
  isTTY(): boolean;
  getWidth(): number;
  cursorTo(): void;
  write(text: string): void;
  clearLine(): void;
  clearRight(): void;
  newline(): void;
  cursorSave(): void;
  cursorRestore(): void;
  cursor(): void;
  lineWrapping(): void;
}

/**
 * Draws a line over and over in the row of the cursor. Unlike the terminal of cli-progress, it changes no mode
 * of the terminal, which a killed process would leave changed, and it goes back to no place on the screen,
 * which a resize would have moved.
 */
export function createBarTerminal(stream: Context["stderr"]): BarTerminal {
  let length = 0;
  const columns = (): number => stream.columns || 80;
  // Terminals differ in where the cursor is after the last column, and `^C` is printed where it is.
  const getWidth = (): number => columns() - 3;
  return {
    isTTY: () => true,
    getWidth,
    cursorTo() {
      // A terminal that has become narrower has wrapped the line.
      const rows = Math.max(0, Math.ceil(length / columns()) - 1);
      moveCursor(stream, 0, -rows);
      cursorTo(stream, 0);
      if (rows > 0) clearScreenDown(stream);
    },
    write(text) {
      const line = text.slice(0, getWidth());
      length = line.length;
      stream.write(line);
    },
    clearLine: () => void clearLine(stream, 0),
    clearRight: () => void clearLine(stream, 1),
    newline: () => void stream.write("\n"),
    cursorSave() {},
    cursorRestore() {},
    cursor() {},
    lineWrapping() {},
  };
}
