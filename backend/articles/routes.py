"""Reading articles, and editors' work on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_restx import Resource
from sqlalchemy.orm import Session

from backend import current
from backend.accounts import access
from backend.articles.publishing import publish, schedule
from backend.articles.schemas import (
    ArticleDraftSchema,
    ArticleQuery,
    ArticleSchema,
    PublishSchema,
    ScheduleArticleSchema,
)
from backend.database import session
from backend.paging import page
from backend.rest import Namespace, page_of
from backend.staff_content import add_act, add_content, two_person
from content import publishing
from content.articles import queries
from content.articles.models import Article
from content.articles.rules import check
from content.publishing import Edit

api = Namespace("articles", path="/articles", description="Announcements, news, guides, pages")
staff = Namespace("staff-articles", path="/staff/articles", description="Editors' work on articles")

ARTICLES = page_of(ArticleSchema)
ARTICLE = ArticleSchema()
QUERY = ArticleQuery()
PUBLISH = PublishSchema()
SCHEDULE = ScheduleArticleSchema()


@api.route("")
class Articles(Resource):
    @access.published
    @api.accepts(QUERY, location="query")
    @api.returns(ARTICLES)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List articles: what is pinned first, then what was published last."""
        wanted = {name: args[name] for name in ("kind", "topic", "quarter", "pinned")}
        return page(
            session,
            queries.articles(now=current.now(), **wanted),
            queries.NEWEST_FIRST,
            limit=args["limit"],
            cursor=args["cursor"],
            descending=True,
        )


@api.route("/<key>")
@api.param("key", "An id or a readable address")
class OneArticle(Resource):
    @access.published
    @api.returns(ARTICLE)
    def get(self, key: str) -> Article:
        """Read one article."""
        return publishing.find_visible(session, Article, key, current.now())


def _publish(session: Session, article: Article, edit: Edit, *, notify: bool) -> None:
    """Publish one; an announcement goes to people's phones, once."""
    publish(session, article, edit, notify=notify, two_person=two_person())


def _schedule(
    session: Session, article: Article, edit: Edit, *, at: datetime, notify: bool
) -> None:
    """Let one appear at a moment to come; an announcement goes to people's phones then."""
    schedule(session, article, edit, at=at, notify=notify, two_person=two_person())


add_content(staff, Article, ArticleDraftSchema, check, own_acts=("publish", "schedule"))
add_act(staff, "publish", Article, ArticleDraftSchema, _publish, accepts=PUBLISH)
add_act(staff, "schedule", Article, ArticleDraftSchema, _schedule, accepts=SCHEDULE)
