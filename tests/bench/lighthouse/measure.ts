// Lighthouse (mobile) on the main screens: median of three runs each, of performance, accessibility and best practices.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse from "lighthouse";

const base = process.env.YOKOITO_URL ?? "";
const runs = 3;
const least = { performance: 95, accessibility: 100, "best-practices": 95 } as const;
const pages = [
  "/login",
  "/o/aozora",
  "/o/aozora/produce",
  "/o/aozora/process?recipe=higawari&batches=8",
  "/o/aozora/stock",
  "/o/aozora/lots/KIT-0602-BENTO",
  "/o/aozora/receive",
  "/o/aozora/ship?to=ito",
  "/o/aozora/order?to=hinata",
  "/o/aozora/sell",
  "/o/aozora/entries",
  "/o/aozora/money",
];

async function session(): Promise<string> {
  const password = "asahi kabocha tsukue neko";
  const send = (path: string, fields: Record<string, string>) =>
    fetch(base + path, {
      method: "POST",
      redirect: "manual",
      headers: { "sec-fetch-site": "same-origin" },
      body: new URLSearchParams(fields),
    });
  await send("/setup", { secret: process.env.YOKOITO_INVITATION ?? "", login: "measure", password });
  const answer = await send("/login", { login: "measure", password, next: "/" });
  const cookie = answer.headers.getSetCookie().find((cookie) => cookie.includes("session"));
  if (!cookie) throw new Error(`nobody came in: ${answer.status}`);
  return cookie.split(";")[0] ?? "";
}

const folder = mkdtempSync(join(tmpdir(), "yokoito-lighthouse-"));
const port = 9222 + Math.floor(Math.random() * 1000);
const browser = spawn(process.env.YOKOITO_BROWSER ?? "chromium", [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--remote-debugging-port=${port}`,
  `--user-data-dir=${folder}`,
  "about:blank",
]);
for (let n = 0; n < 100; n += 1) {
  if (await fetch(`http://127.0.0.1:${port}/json/version`).then((answer) => answer.ok, () => false)) break;
  await new Promise((resolve) => setTimeout(resolve, 100));
}
const cookie = await session();
const median = (scores: number[]) => [...scores].sort((one, other) => one - other)[Math.floor(scores.length / 2)] ?? 0;
let misses = 0;
console.log("| page | performance | accessibility | best practices |\n|---|---|---|---|");
for (const page of pages) {
  const scores: Record<string, number[]> = {};
  for (let run = 0; run < runs; run += 1) {
    const extraHeaders = page === "/login" ? {} : { Cookie: cookie };
    const result = await lighthouse(base + page, {
      port,
      output: "json",
      logLevel: "error",
      onlyCategories: Object.keys(least),
      extraHeaders,
    });
    for (const [name, category] of Object.entries(result?.lhr.categories ?? {})) {
      (scores[name] ??= []).push(Math.round((category.score ?? 0) * 100));
    }
    if (run === 0) {
      for (const audit of Object.values(result?.lhr.audits ?? {})) {
        const counts = result?.lhr.categories["accessibility"]?.auditRefs.concat(result.lhr.categories["best-practices"]?.auditRefs ?? []);
        const weighs = counts?.some((reference) => reference.id === audit.id && reference.weight > 0);
        if (weighs && audit.score !== null && audit.score < 1) console.error(`${page}: ${audit.id}: ${audit.title}`);
      }
    }
  }
  const of = (name: keyof typeof least) => {
    const score = median(scores[name] ?? []);
    if (score < least[name]) misses += 1;
    return score < least[name] ? `**${score}**` : `${score}`;
  };
  console.log(`| ${page} | ${of("performance")} | ${of("accessibility")} | ${of("best-practices")} |`);
}
browser.kill("SIGTERM");
await new Promise((resolve) => browser.once("exit", resolve));
rmSync(folder, { recursive: true, force: true });
console.log(`\n${misses} below the goal (performance ≥ ${least.performance}, accessibility ${least.accessibility}, best practices ≥ ${least["best-practices"]}).`);
