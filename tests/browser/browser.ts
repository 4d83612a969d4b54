// A browser and those who sit in front of it.

import { readFileSync } from "node:fs";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

export const base = process.env.YOKOITO_URL ?? "";
export const password = "asahi kabocha tsukue neko";
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/// Levels of WCAG that every page keeps.
const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export const invitations: Record<string, string> = Object.fromEntries(
  (process.env.YOKOITO_INVITATIONS ?? "").trim().split(/\s+/).map((pair) => pair.split("=", 2) as [string, string]),
);

export type Mode = "plain" | "easy";

export async function launch(): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env.YOKOITO_BROWSER,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--lang=ja",
    ],
  });
}

type Options = { width?: number; mode?: Mode; scripts?: boolean };

/// A browser of somebody's own, with nothing in it. Errors of the console fail the test.
export async function seat(browser: Browser, { width = 1280, mode = "plain", scripts = true }: Options = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: "ja-JP",
    javaScriptEnabled: scripts,
    // axe is put into the page; the policy itself is held by tests/pages
    bypassCSP: true,
  });
  await context.addCookies([{ name: "yokoito_mode", value: mode, url: base }]);
  const page = await context.newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  return page;
}

/// Comes in for the first time by an invitation's link.
export async function join(page: Page, office: string) {
  await page.goto(`${base}/setup#${invitations[office]}`);
  await page.fill("#login", `${office}-1`);
  await page.fill("#password", password);
  await page.click("main button");
  await page.waitForURL("**/login");
}

export async function logIn(page: Page, office: string) {
  await page.goto(`${base}/login`);
  await page.fill("#login", `${office}-1`);
  await page.fill("#password", password);
  await page.click("main button");
  // `hinata-manager` is of hinata
  await page.waitForURL(`**/o/${office.split("-")[0]}`);
}

/// Comes in for the first time, if nobody of the office has yet.
export async function joinOnce(page: Page, office: string) {
  await page.goto(`${base}/login`);
  await page.fill("#login", `${office}-1`);
  await page.fill("#password", password);
  await page.click("main button");
  await page.waitForLoadState();
  if (!new URL(page.url()).pathname.startsWith("/o/")) await join(page, office);
}

/// What axe finds, a line each.
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async (levels) => {
    // @ts-expect-error the script that was just put in
    const result = await globalThis.axe.run({ runOnly: levels });
    return result.violations.flatMap((rule: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
      rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
    );
  }, levels);
}

/// Controls that are smaller than a finger, in pixels. Links within a sentence or a table are as high as their line.
export async function small(page: Page, least: number): Promise<string[]> {
  return await page.evaluate((least) => {
    const controls = [...document.querySelectorAll<HTMLElement>("button, input, select, textarea, summary, a.button, a.tile")];
    const shown = controls.filter((control) => control.checkVisibility() && !control.matches("[type=hidden], [type=radio], [type=checkbox]"));
    return shown
      .map((control) => ({ control, box: control.getBoundingClientRect() }))
      .filter(({ box }) => box.width < least || box.height < least)
      .map(({ control, box }) => `${control.outerHTML.slice(0, 120)} ${box.width}×${box.height}`);
  }, least);
}

/// Pixels that the page is wider than its window.
export async function beyond(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

export type { Browser, BrowserContext, Page };
