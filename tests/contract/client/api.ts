// The API as a client has it: types made from openapi/yokoito-v1.json, requests by fetch.

import { strict as assert } from "node:assert";
import createClient from "openapi-fetch";
import type { components, paths } from "yokoito-v1";

export type Schemas = components["schemas"];
export type Api = ReturnType<typeof connect>;

/** Who sends the requests: a program with its token, a person with the cookie of a session, or nobody yet. */
export type Means = { token: string } | { cookie: string } | Record<string, never>;

export function connect(url: string, means: Means) {
  const headers: Record<string, string> = {};
  if ("token" in means) headers["Authorization"] = `Bearer ${means.token}`;
  else if ("cookie" in means) headers["Cookie"] = means.cookie;
  return createClient<paths>({ baseUrl: url, headers });
}

/** The key of a write. */
export function keyed(key: string) {
  return { header: { "Idempotency-Key": key } };
}

interface Answered<Data> {
  data?: Data;
  error?: Schemas["Problem"];
  response: Response;
}

/** What was answered, or a failure that says what the problem said. */
export async function done<Data>(asked: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await asked;
  if (data === undefined) throw new Error(`${response.status} ${error?.code}: ${error?.detail}`);
  return data;
}

/** The receipt of what was recorded. */
export async function recorded(
  asked: Promise<Answered<Schemas["Receipt"] | Schemas["EntryView"]>>,
): Promise<Schemas["Receipt"]> {
  const { data, error, response } = await asked;
  assert.equal(response.status, 201, `${error?.code}: ${error?.detail}`);
  assert(data && "entry" in data);
  return data;
}
