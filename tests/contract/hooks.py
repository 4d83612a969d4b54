"""As whom made-up requests come in, and what they point at."""

import hashlib
import json
import os
import re

import schemathesis

#: What set-up.ts printed: {"farm": {"token": …, "cookie": …}, …}.
PEOPLE = json.loads(os.environ["YOKOITO_PEOPLE"])

OF_OPERATORS = {
    "network", "membership", "corporation", "office", "rate", "erase_text", "list_people", "invite", "list_invitations",
    "withdraw_invitation", "make_token", "issue_card", "list_cards",
}  # fmt: skip
#: Who may end tokens and roles: those of the others are not theirs.
OF_OTHERS = {
    "revoke_token", "end_role", "disable_person", "enable_person", "change_password", "make_password_reset", "stop_card", "join",
    "fill_with_sample",
}  # fmt: skip


@schemathesis.auth()
class Means:
    """An office's program by its token; people, where it takes a person, by the cookie of their session."""

    def get(self, case, context):
        return PEOPLE

    def set(self, case, people, context):
        operation = case.operation.definition.raw["operationId"]
        if operation in OF_OPERATORS:
            case.headers["Cookie"] = people["operator"]["cookie"]
        elif operation in OF_OTHERS:
            case.headers["Cookie"] = people["kitchen"]["cookie"]
        else:
            case.headers["Authorization"] = "Bearer " + people["farm"]["token"]


# A request that names offices, goods and days of its own is answered by 404 before anything else is looked at. So two of
# three are given the names of the small world (tests/data/small-world.jsonl) and of the chain (client/chain.test.ts); what
# else stands in them stays as it was made.

NAMES = {
    "office": "a",
    "supplied_on": "2026-06-10",
    "due_on": "2199-12-31",
    "product": "carrot",
    "lot": "A-0610-CARROT",
    "to": "b",
    "agreement": "a-c-consign",
    "reason": "数えちがい",
    "supplier": "tane",
    "partner": "city",
    "place": "kinko",
    "cash_place": "kinko",
    "quantity": "0.001",
    "amount": "0.001",
    "month": "2026-05",
    "corporation": "midori",
    "network": "minami",
    "member": "a2",
    "producer": "a",
    "other": "c",
}
#: Where the same name means another thing; none: as it was made.
OF = {
    "move_money": {"from": "kinko", "to": "bank"},
    "settle": {"supplied_on": "2026-06-30", "from": "2026-06-01", "to": "2026-06-30"},
    "membership": {"to": None},
    "rate": {"to": None},
    "spend": {"to": "2026-06", "from": "2026-06"},
    "record_wages": {"supplied_on": "2026-06-30", "month": "2026-06", "to": "2026-06", "from": "2026-06"},
    "open": {"lot": None, "month": "2026-03", "with_office": "b"},
    "order": {"product": "bento", "quantity": "1", "supplied_on": "2026-06-10", "wanted_on": "2026-06-12"},
    "consign": {"to": "c"},
    "return": {"to": None},
    "erase_text": {"office": None},
    "record_many": {"key": None},
}
CODES = {
    "agreement": "a-c-consign",
    "corporation": "midori",
    "network": "minami",
    "office": "a",
    "partner": "tane",
    "product": "carrot",
    "recipe": "soup",
}
#: Another entry: of the chain.
ENTRIES = {"entry": "harvest-spare", "sale": "sale-0610", "receipt": "receive-0602", "order": None, "shipment": "ship-0602"}


def number(*parts):
    made = hashlib.sha256(json.dumps([repr(part) for part in parts]).encode()).digest()
    return int.from_bytes(made[:8], "big")


def point(value, names):
    """The same with the names of what there is, at any depth; what is no text stays as it is."""
    if isinstance(value, list):
        return [point(inner, names) for inner in value]
    if not isinstance(value, dict):
        return value
    pointed = {}
    for name, inner in value.items():
        if name in ENTRIES and isinstance(inner, dict):
            if ENTRIES[name]:
                pointed[name] = {"office": "b" if name == "receipt" else "a", "key": ENTRIES[name]}
        elif name == "right":
            # of the same kind as the entry that is put right
            pointed[name] = {"kind": "produce", "lines": [{"product": "carrot", "quantity": "2"}]}
        elif name == "agreed" and isinstance(inner, list):
            pointed[name] = []
        else:
            pointed[name] = names[name] if names.get(name) and isinstance(inner, str) else point(inner, names)
    return pointed


@schemathesis.hook
def before_call(context, case, **kwargs):
    operation = case.operation.definition.raw["operationId"]
    which = number(operation, case.body, case.path_parameters, case.query, case.headers.get("Prefer"))
    if which % 3 == 0:
        return
    if case.headers.get("Idempotency-Key"):
        case.headers["Idempotency-Key"] = f"made-{which}"
    if isinstance(case.body, dict):
        case.body = point(case.body, NAMES | OF.get(operation, {}))
    if case.path_parameters:
        path = dict(case.path_parameters)
        path |= {name: NAMES[name] for name in ("office", "lot") if name in path}
        thing = re.sub("^get_", "", operation)
        if "code" in path and thing in CODES:
            path["code"] = CODES[thing]
        if "counterparty" in path:
            path["counterparty"] = "b"
        case.path_parameters = path
    if case.query and "office" in case.query:
        case.query = {**case.query, "office": NAMES["office"]}
