"""What a record is: one file an entity, facts only."""

from cuprum.entities.activity import Activity
from cuprum.entities.company import Company
from cuprum.entities.lead import Lead
from cuprum.entities.opportunity import Opportunity
from cuprum.entities.person import Person
from cuprum.entities.project import Project
from cuprum.entities.record import Field, Record, field, fields, fields_among
from cuprum.entities.task import Task

ENTITIES: dict[str, type[Record]] = {one.entity: one for one in (Lead, Person, Company, Opportunity, Project, Task, Activity)}
BY_PLURAL: dict[str, type[Record]] = {one.plural: one for one in ENTITIES.values()}

__all__ = [
    "BY_PLURAL", "ENTITIES", "Activity", "Company", "Field", "Lead", "Opportunity", "Person", "Project", "Record", "Task",
    "field", "fields", "fields_among",
]  # fmt: skip
