"""Offices and the rules that give them reports."""

from __future__ import annotations

import uuid
from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.database import session
from backend.feedback import office_schemas as schemas
from backend.feedback import offices, routing
from backend.feedback.office_models import Office
from backend.rest import Namespace
from backend.staff_content import editing
from content.vocabularies.queries import check_quarters, report_category

api = Namespace("staff-offices", description="Offices that work on reports", path="/staff/offices")
rules_api = Namespace(
    "staff-routing", description="Which office gets a report", path="/staff/routing-rules"
)
office_schema, rule_schema = schemas.OfficeSchema(), schemas.RuleSchema()


def shown(office: Office) -> dict[str, Any]:
    """*office* with the ids of those who work in it."""
    return every_shown([office])[0]


def every_shown(found: list[Office]) -> list[dict[str, Any]]:
    """Each of the offices *found*, with the ids of those who work in it."""
    people = offices.members(session)
    names = ("code", "name", "email", "phone", "is_sample", "updated_at")
    return [
        {name: getattr(office, name) for name in names} | {"members": people.get(office.id, [])}
        for office in found
    ]


@api.route("")
class Offices(Resource):
    @access.staff(Permission.READ_REPORTS)
    @api.returns(schemas.Offices())
    def get(self) -> dict[str, Any]:
        """All offices."""
        return {"items": every_shown(list(offices.every_office(session)))}

    @access.staff(Permission.MANAGE_OFFICES)
    @api.accepts(schemas.NewOffice())
    @api.returns(office_schema, 201)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Make an office."""
        office = offices.open_office(session, body, editing())
        session.commit()
        return shown(office)


@api.route("/<code>")
class OneOffice(Resource):
    @access.staff(Permission.READ_REPORTS)
    @api.returns(office_schema)
    def get(self, code: str) -> dict[str, Any]:
        """One office."""
        return shown(offices.office_of_code(session, code))

    @access.staff(Permission.MANAGE_OFFICES)
    @api.accepts(schemas.OfficeChange(partial=("name",)))
    @api.returns(office_schema)
    def patch(self, body: dict[str, Any], code: str) -> dict[str, Any]:
        """Change an office; its members are replaced where they are given."""
        office = offices.change_office(session, code, body, editing())
        session.commit()
        return shown(office)

    @access.staff(Permission.MANAGE_OFFICES)
    @api.response(204, "Removed")
    def delete(self, code: str) -> tuple[None, int]:
        """Remove an office that has no open reports and that no rule names."""
        offices.close_office(session, code, editing())
        session.commit()
        return None, 204


@rules_api.route("")
class Rules(Resource):
    @access.staff(Permission.READ_REPORTS)
    @rules_api.returns(schemas.Rules())
    def get(self) -> dict[str, Any]:
        """The rules, in the order in which they are asked."""
        return {"items": routing.every_rule(session)}

    @access.staff(Permission.MANAGE_OFFICES)
    @rules_api.accepts(schemas.RuleDraft())
    @rules_api.returns(rule_schema, 201)
    def post(self, body: dict[str, Any]) -> Any:
        """Add a rule behind all others."""
        rule = routing.add_rule(session, body, editing())
        session.commit()
        return rule


@rules_api.route("/order")
class RuleOrder(Resource):
    @access.staff(Permission.MANAGE_OFFICES)
    @rules_api.accepts(schemas.RuleOrder())
    @rules_api.returns(schemas.Rules())
    def put(self, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the rules in another order."""
        rules = routing.order_rules(session, body["rules"], editing())
        session.commit()
        return {"items": rules}


@rules_api.route("/try")
class RoutingTrial(Resource):
    @access.staff(Permission.READ_REPORTS)
    @rules_api.accepts(schemas.RoutingTrial())
    @rules_api.returns(schemas.Routed())
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Ask which office would get a report, and by which rule; nothing is filed."""
        category = report_category(session, body["category"])
        quarter = body.get("quarter") or None
        if quarter:
            check_quarters(session, [quarter], "quarter")
        at = body.get("at") or current.now()
        rule = routing.route(session, category=category, quarter=quarter, at=at)
        office = shown(offices.office_of_code(session, rule.office)) if rule else None
        return {"office": office, "rule": rule}


@rules_api.route("/<uuid:rule_id>")
class OneRule(Resource):
    @access.staff(Permission.MANAGE_OFFICES)
    @rules_api.accepts(schemas.RuleDraft(partial=("office",)))
    @rules_api.returns(rule_schema)
    def patch(self, body: dict[str, Any], rule_id: uuid.UUID) -> Any:
        """Change a rule."""
        rule = routing.change_rule(session, rule_id, body, editing())
        session.commit()
        return rule

    @access.staff(Permission.MANAGE_OFFICES)
    @rules_api.response(204, "Removed")
    def delete(self, rule_id: uuid.UUID) -> tuple[None, int]:
        """Remove a rule."""
        routing.drop_rule(session, rule_id, editing())
        session.commit()
        return None, 204
