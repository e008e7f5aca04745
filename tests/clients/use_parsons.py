"""What `parsons` reads out of a Copper account; prints it as JSON."""

import json
import sys

from parsons import Copper

email, key = sys.argv[1:3]
copper = Copper(user_email=email, api_key=key)


def tables(found):
    return {one["name"]: one["tbl"].num_rows for one in found}


made = copper.base_request("/people", "POST", filters={"name": "X"}).json()
# This client adds paging to every body, so that a creation is refused: the message must name what is too much.
seen = {"refusal": made["message"]}
people = copper.get_people()
seen["people"] = tables(people)
seen["some"] = tables(copper.get_people(filters={"tags": ["vip"], "page_number": 1}))
seen["columns"] = sorted(next(one["tbl"] for one in people if one["name"] == "people").columns)
seen["companies"] = tables(copper.get_companies())
seen["opportunities"] = tables(copper.get_opportunities())
seen["activities"] = tables(copper.get_activities())
seen["activity_types"] = tables(copper.get_activity_types())
seen["contact_types"] = copper.get_contact_types().num_rows
seen["custom_fields"] = tables(copper.get_custom_fields())
deleted = copper.base_request(f"/people/{sys.argv[3]}", "DELETE").json()
seen["deleted"] = deleted["is_deleted"]
print(json.dumps(seen))
