"""Prints a line for each test of Surefire's reports: results.py PART FOLDER...; no test at all is a failure."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def main(part, *folders):
    failed = False
    for folder in map(Path, folders):
        tests = 0
        for report in sorted(folder.glob("TEST-*.xml")):
            for case in ElementTree.parse(report).iter("testcase"):
                tests += 1
                name = f"{part}: {case.get('classname').rpartition('.')[2]}: {case.get('name')}"
                if case.find("skipped") is not None:
                    print(f"skip - {name}: left out by the test itself")
                elif case.find("failure") is not None or case.find("error") is not None:
                    print(f"not ok - {name}")
                    failed = True
                else:
                    print(f"ok - {name}")
        if tests == 0:
            print(f"not ok - {part}: no test ran in {folder.parent.name}")
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
