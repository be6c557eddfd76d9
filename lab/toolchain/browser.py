"""A browser without a window, for the tests of the page that shows a plan."""

from .model import DebianPackages, Probe, Tool

BROWSER = "chromium"


def chromium() -> Tool:
    """Chromium: the machine's own in any version, else Debian's build without a window system.

    The package's command names the place it would be installed to; so its program is run itself.
    """
    return Tool(
        name=BROWSER,
        version="of this Debian",
        provides=(BROWSER,),
        usual_seconds=20,
        probes={BROWSER: Probe(arguments=("--version",), contains="")},
        other_names={
            BROWSER: (
                *("chromium-browser", "google-chrome", "google-chrome-stable"),
                *("chromium-headless-shell", "chrome-headless-shell"),
            )
        },
        optional="the page is then not tested in a browser",
        debian=DebianPackages(
            packages=("chromium-headless-shell",),
            commands={BROWSER: ("usr/lib/chromium/chromium-headless-shell",)},
        ),
    )
