import { chromium, type Browser } from "playwright-core";
import { findChromium } from "../runtimes/chromium.ts";

/** Starts the system's Chromium, without a window. */
export async function startBrowser(): Promise<Browser> {
  const { path: executablePath } = await findChromium();
  // Chromium has no sandbox for root. It only loads pages of this repository.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}
