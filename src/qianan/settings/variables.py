"""Every environment variable the house reads, its default, what it is for (drawn as docs/reference/settings.md)."""

VARIABLES: dict[str, tuple[str, str]] = {
    "QIANAN_HOME": (
        "var",
        "The folder of this instance: database file, media, keys, log. The commands' --home sets it.",
    ),
    "QIANAN_DATA": ("data/ of the project", "The folder of code tables, places and lists that load-codebook reads."),
    "QIANAN_DATABASE_URL": (
        "the file qianan.sqlite3 in the home",
        "postgres://user:password@host:port/name, PostgreSQL 15 or newer; options may follow as ?key=value.",
    ),
    "QIANAN_SECRET_KEY": ("made at the first start, kept in the home's keys/", "Signs sessions and links."),
    "QIANAN_TIME_ZONE": (
        "the home's instance.json, else Asia/Shanghai",
        "The zone to which days, weeks and deadlines belong. Everything is stored in UTC.",
    ),
    "QIANAN_CITY": ("the home's instance.json, else 11", "The place code at the root of this city's tree."),
    "QIANAN_HOSTS": ("127.0.0.1,localhost,[::1]", "Host names the web server answers to, separated by commas."),
    "QIANAN_WIRE": (
        "console in the demo, http in production",
        "How letters leave: http, console (printed and kept in the home's log) or memory (tests).",
    ),
    "QIANAN_MAIL_FROM": ("qianan@localhost", "The sender of e-mail."),
    "QIANAN_OFFICERS_NEED_TOTP": ("0", "1 = officers must set up a second factor before they can work."),
    "QIANAN_STREETS_SUPERVISE": ("0", "1 = streets, too, keep supervision lists of major hazards."),
    "QIANAN_PHONE_REGION": ("CN", "The region (ISO 3166) of mobile numbers written without a country code."),
    "QIANAN_ADDRESS": (
        "http://127.0.0.1:8000",
        "The address people reach this instance by; links in letters begin so.",
    ),
    "QIANAN_INVITATION_DAYS": ("14", "Days for which an invitation is good."),
    "QIANAN_SIGNIN_TRIES": ("5", "Wrong passwords for one person from one address before signing in rests."),
    "QIANAN_SIGNIN_WAIT_MINUTES": ("15", "Minutes for which it rests."),
    "QIANAN_PROXIES": ("0", "Proxies of ours before the web server: how far X-Forwarded-For is believed."),
    "QIANAN_DIGEST_SECONDS": ("30", "Seconds a letter that is not urgent waits for others to the same person."),
    "QIANAN_QUIET_HOURS": ("21:30-07:00", "Local hours in which only urgent letters go out; people may set their own."),
    "QIANAN_SENDERS": ("4", "Messages that are on their way at the same time."),
    "QIANAN_WEBHOOK_NETWORKS": (
        "none",
        "Private networks that webhooks may reach, as 10.1.0.0/16, separated by commas; public addresses always.",
    ),
    "QIANAN_API_PER_MINUTE": ("600", "Requests a minute for each API token or signed-in person, in each process."),
    "QIANAN_LOG": ("WARNING", "The level of the log on stderr."),
    "QIANAN_CLOCK_OFFSET": ("0", "Seconds by which this process's clock is moved; for demonstrations of deadlines."),
    "QIANAN_VENV": (".venv beside the launcher", "Where the launcher keeps its Python environment."),
    "QIANAN_CHROMIUM": ("chromium on the PATH", "The browser of the browser tests and of `screens`."),
    "QIANAN_TEST_FILE": ("unset", "Tests use a database file instead of memory; the browser leg sets it."),
    "QIANAN_INNER": ("unset", "Set by the test command itself when it runs a leg on another Python."),
}
