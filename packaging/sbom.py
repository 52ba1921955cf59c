"""Write the bill of materials (CycloneDX 1.6, JSON) of a frozen program from the list in its ``licenses`` folder.

Usage: ``python packaging/sbom.py FOLDER_OF_THE_PROGRAM RESULT.cdx.json``. Each Python library carries the SHA-256 sums
the lock knows of it. The same program gives the same bytes; the time is ``SOURCE_DATE_EPOCH`` where that is set.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import contents

SPACE = uuid.UUID("6f0c4b7e-3e0d-4f0b-9a35-0d4c6a1b7a52")
"""Names of this program's components come from here."""


def bill(folder: Path) -> dict[str, Any]:
    """The bill of materials of a frozen program.

    Raises:
        FileNotFoundError: the folder is no finished frozen program.
    """
    index = json.loads((folder / contents.LICENCES / contents.LICENCE_INDEX).read_text(encoding="utf-8"))
    components = [component(entry) for entry in index]
    program = {
        "type": "application",
        "bom-ref": "xiaobao-desktop",
        "name": "xiaobao-desktop",
        "version": contents.version(),
        "description": contents.DESCRIPTION,
    }
    content = json.dumps(components, sort_keys=True, ensure_ascii=False)
    moment = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(SPACE, content)}",
        "version": 1,
        "metadata": {"timestamp": moment.isoformat(), "component": program},
        "components": components,
        "dependencies": [{"ref": "xiaobao-desktop", "dependsOn": [item["bom-ref"] for item in components]}],
    }


def component(entry: dict[str, Any]) -> dict[str, Any]:
    """One entry of the list as a component."""
    made: dict[str, Any] = {
        "type": entry["kind"],
        "bom-ref": f"{entry['kind']}/{entry['name']}",
        "name": entry["name"],
        "licenses": [{"license": {"name": entry["licence"]}}],
    }
    if entry["version"]:
        made["version"] = entry["version"]
    if "package" in entry:
        made["purl"] = f"pkg:pypi/{re.sub('[-_.]+', '-', entry['package']).lower()}@{entry['version']}"
        made["properties"] = [{"name": "xiaobao:locked-sha256", "value": value} for value in locked(entry["package"])]
    elif "debian" in entry:
        made["purl"] = f"pkg:deb/debian/{entry['debian']}@{entry['version'].replace('+', '%2B').replace(':', '%3A')}"
    return made


def locked(package: str) -> list[str]:
    """The sums that the lock allows for a package's files."""
    name = re.sub("[-_.]+", "-", package).lower()
    text = (contents.ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(name)}==.*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"sha256:([0-9a-f]{64})", found[0]) if found else []


def main() -> None:
    """Read the two names and write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of the frozen program")
    parser.add_argument("out", type=Path, help="file to write")
    args = parser.parse_args()
    text = json.dumps(bill(args.folder), ensure_ascii=False, indent=1) + "\n"
    args.out.write_text(text, encoding="utf-8", newline="\n")
    print(f"{args.out.name}: {text.count('bom-ref')} entries")


if __name__ == "__main__":
    main()
