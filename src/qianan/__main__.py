"""`python -m qianan NAME …`: the console. `--home DIR` may stand anywhere; `some-name` is the command `some_name`."""

import os
import sys
from collections.abc import Sequence


def take_home(args: Sequence[str]) -> list[str]:
    """Take `--home DIR` out of the arguments and set the home. Exits with 2 when DIR is missing."""
    rest, words = [], iter(args)
    for word in words:
        if word == "--home":
            home = next(words, "")
            if not home or home.startswith("-"):
                print("qianan: --home needs a folder, e.g. --home var", file=sys.stderr)
                raise SystemExit(2)
            os.environ["QIANAN_HOME"] = os.path.abspath(home)
        elif word.startswith("--home="):
            os.environ["QIANAN_HOME"] = os.path.abspath(word.partition("=")[2])
        else:
            rest.append(word)
    return rest


def main(args: Sequence[str] | None = None) -> None:
    """Run one console command; exits non-zero on failure."""
    rest = take_home(sys.argv[1:] if args is None else args)
    name = rest[0] if rest else "help"
    if name == "test":
        from qianan.doors.console.testing import main as run_tests

        raise SystemExit(run_tests(rest[1:]))
    if name == "check":
        from qianan.doors.console.checking import main as run_checks

        raise SystemExit(run_checks(rest[1:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianan.settings.dev")
    from qianan.catalogue import compile_catalogues

    compile_catalogues()
    import django
    from django.core.management import ManagementUtility, get_commands

    django.setup()
    command = name.replace("-", "_")
    if command != "help" and command not in get_commands():
        ours = sorted(key.replace("_", "-") for key, app in get_commands().items() if str(app).startswith("qianan"))
        print(f"qianan: no command {name!r}. There are: {', '.join(ours)}", file=sys.stderr)
        raise SystemExit(2)
    ManagementUtility(["qianan", command, *rest[1:]]).execute()


if __name__ == "__main__":
    main()
