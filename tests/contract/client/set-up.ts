// Sets a new book up as people would, over HTTP alone: the first operator by the link that `yokoito serve` prints, the
// small world of the tests, a manager for each office, a token for each of them.
//
//   node set-up.ts URL SECRET SMALL_WORLD   prints {"operator": {"token": …, "cookie": …}, "farm": …, "kitchen": …, "shop": …}

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { type Api, type Schemas, connect, done, keyed, recorded } from "./api.ts";

/** Who there is, and the office each manages. */
const MANAGERS = { farm: "a", kitchen: "b", shop: "c" } as const;

export type People = Record<"operator" | keyof typeof MANAGERS, { token: string; cookie: string }>;

type Act = Schemas["BulkAct"];

const [url, secret, smallWorld] = process.argv.slice(2);
assert(url && secret && smallWorld, "URL SECRET SMALL_WORLD");

function password(login: string) {
  return `${login} あさひ かぼちゃ つくえ`;
}

/** An account by an invitation, logged in. */
async function comeIn(secret: string, login: string): Promise<{ person: Api; cookie: string }> {
  const nobody = connect(url!, {});
  const body = { login, password: password(login) };
  await done(nobody.POST("/v1/accounts", { body: { secret, ...body } }));
  const { response } = await nobody.POST("/v1/sessions", { body });
  assert.equal(response.status, 201);
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0];
  assert(cookie);
  return { person: connect(url!, { cookie }), cookie };
}

async function token(person: Api, name: string): Promise<string> {
  const body = { name, only_reads: false, offices: [] };
  const made = await done(person.POST("/v1/tokens", { params: keyed(`token-${name}`), body }));
  assert(made.secret);
  return made.secret;
}

async function record(person: Api, acts: Act[]) {
  const { answers } = await done(person.POST("/v1/acts", { body: { atomic: true, acts } }));
  for (const answer of answers) assert.equal(answer.outcome, "recorded", answer.problem?.detail ?? "");
}

const acts = readFileSync(smallWorld, "utf8").trim().split("\n").map((line) => JSON.parse(line) as Act);
const ofOffice = (office: string) => acts.filter((act) => act.office === office);
const ofKeeper = acts.filter((act) => !act.office && act.kind !== "agreement");
const members = ["b", "c"].map((member): Act => ({
  kind: "membership", key: `member-${member}`, supplied_on: "2026-04-01", network: "minami", member,
}));

const { person: operator, cookie } = await comeIn(secret, "operator");
await record(operator, [...ofKeeper, ...members]);

const people: Partial<People> = { operator: { token: await token(operator, "operator"), cookie } };
const managers: Partial<Record<keyof typeof MANAGERS, Api>> = {};
for (const [login, office] of Object.entries(MANAGERS) as [keyof typeof MANAGERS, string][]) {
  const body: Schemas["Invite"] = { gives: { role: "manager", office } };
  const invited = await done(operator.POST("/v1/invitations", { params: keyed(`invite-${login}`), body }));
  assert(invited.secret);
  const { person, cookie } = await comeIn(invited.secret, login);
  await record(person, ofOffice(office));
  people[login] = { token: await token(person, login), cookie };
  managers[login] = person;
}

// what two offices agree on takes both: one proposes, the other says yes
const agreement = acts.find((act) => act.kind === "agreement");
assert(agreement?.kind === "agreement");
const { kind, supplied_on, code, about, producer, other, terms } = agreement;
const proposed = await done(managers.farm!.POST("/v1/proposals", {
  params: keyed("agreement-a-c"),
  body: {
    act: { kind, office: "a", supplied_on, code, about, producer, other, terms, agreed: [] },
    due_on: "2199-12-31",
  },
}));
const answered = await done(managers.shop!.POST("/v1/proposals/{id}/consent", {
  params: { path: { id: proposed.id } }, body: { office: "c" },
}));
assert.equal(answered.state, "recorded");

// what made-up requests point at (hooks.py)
const farm = managers.farm!;
await recorded(farm.POST("/v1/productions", {
  params: keyed("harvest-0610"),
  body: {
    office: "a", supplied_on: "2026-06-05",
    lines: [{ product: "carrot", quantity: "1000", lot: { code: "A-0610-CARROT" } }],
  },
}));
await recorded(farm.POST("/v1/productions", {
  params: keyed("harvest-spare"),
  body: { office: "a", supplied_on: "2026-06-05", lines: [{ product: "carrot", quantity: "1" }] },
}));
await recorded(farm.POST("/v1/sales", {
  params: keyed("sale-0610"),
  body: { office: "a", supplied_on: "2026-06-10", lines: [{ lot: "A-0610-CARROT", quantity: "100" }] },
}));
await recorded(farm.POST("/v1/recipes", {
  params: keyed("recipe-soup"),
  body: {
    office: "a", supplied_on: "2026-06-01", code: "soup",
    inputs: [{ product: "carrot", quantity: "1" }], outputs: [{ product: "craft", quantity: "2" }],
  },
}));

console.log(JSON.stringify(people));
