"""Mail providers where anybody has an address: their domains say nothing about a company."""

from __future__ import annotations

_DOMAINS = """
    126.com 163.com aol.com att.net bluewin.ch bol.com.br btinternet.com charter.net comcast.net cox.net duck.com fastmail.com
    fastmail.fm free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk
    hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com laposte.net libero.it live.co.uk live.com
    live.nl mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com orange.fr outlook.com outlook.de outlook.es
    outlook.fr pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com sapo.pt sbcglobal.net sfr.fr
    t-online.de tuta.com tutanota.com uol.com.br verizon.net virgilio.it wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.in
    yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com zoho.com
"""
PUBLIC_MAIL_DOMAINS = frozenset(_DOMAINS.split())


def company_domain(email: str) -> str | None:
    """The domain of an address where it can be a company's own."""
    domain = email.rpartition("@")[2].strip().lower()
    return None if not domain or domain in PUBLIC_MAIL_DOMAINS else domain
