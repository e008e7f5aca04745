"""What a user of `prosperworks` does in a day; prints what came of it as JSON."""

import json
import sys

from prosperworks import api, exceptions, models

email, key = sys.argv[1:3]
# Python 2 gave every exception a message, and this client reads it.
exceptions.ProsperWorksServerException.message = ""
api.configure(key, email)
seen = {"account": models.Account.get_account().name}

company = models.Company.create(
    name="Quill & Sons",
    address={"street": "9 Rua do Sol", "city": "Porto", "state": None, "postal_code": "4050-001", "country": "PT"},
    phone_numbers=[{"number": "+351 220 000 111", "category": "work"}],
    tags=["wood"],
)
person = models.Person.create(
    name="Ada Quill",
    company_id=company.id,
    emails=[{"email": "ada@quill.example", "category": "work"}],
    tags=["vip"],
)
seen["person"] = {
    "name": person.name,
    "company": person.company.name,
    "email": person.emails.objects[0].email,
    "tags": person.tags.objects,
}
seen["by_email"] = models.Person.fetch_by_email("ADA@quill.example").id == person.id
seen["again"] = models.Person(person.id).name

# The whole record goes back as it was read, with one change.
person.title = "Owner"
person.update()
seen["title"] = models.Person(person.id).title
company.details = "Since 1911"
company.update("details")
seen["details"] = models.Company(company.id).details
company.update()

lead = models.Lead.create(name="Bo Okafor", email={"email": "bo@okafor.example", "category": "work"}, monetary_value=1800)
lead.update("name")
seen["lead_status"] = lead.status
opportunity = models.Opportunity.create(
    name="Roof refit", primary_contact_id=person.id, close_date="03/31/2027", monetary_value=12500
)
opportunity.update()
seen["opportunity"] = [opportunity.company_name, opportunity.close_date, opportunity.monetary_value]
project = models.Project.create(name="Kick-off", related_resource={"id": company.id, "type": "company"})
project.update()
task = models.Task.create(name="Call back", due_date=1790100000)
task.update()
seen["task"] = task.due_date

seen["pages"] = [
    [one.name for one in models.Person.search(page_size=2, page_number=page, sort_by="name", tags=["many", "vip"])]
    for page in (1, 2, 3)
]
seen["empty_search"] = len(models.Company.search(city="Porto", country="PT", minimum_created_date=1500000000))
seen["users"] = sorted(one.name for one in models.User.list())
seen["stages"] = len(models.PipelineStage.list())
seen["contact_types"] = [one.name for one in models.ContactType.list()]
seen["fields"] = models.CustomField.list()

seen["converted"] = lead.convert(company=company).person.name
seen["deleted"] = person.delete().is_deleted
try:
    models.Person(person.id)
except exceptions.ProsperWorksNotFoundRequest:
    seen["gone"] = True
try:
    models.Company.create(name="")
except exceptions.ProsperWorksUnprocessableRequest as refusal:
    seen["refusal"] = str(refusal)
print(json.dumps(seen))
