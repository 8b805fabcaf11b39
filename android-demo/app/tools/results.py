"""Says of each test in a folder of Surefire's reports whether it passed: results.py FOLDER."""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

failed = False
reports = sorted(pathlib.Path(sys.argv[1]).glob("TEST-*.xml"))
for report in reports:
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname').rsplit('.', 1)[-1]}.{case.get('name')}"
        if case.find("skipped") is not None:
            print(f"skip - {name}: {case.find('skipped').get('message')}")
        elif case.find("failure") is None and case.find("error") is None:
            print(f"ok - {name}")
        else:
            print(f"not ok - {name}")
            failed = True
if not reports:
    print("not ok - no test ran")
sys.exit(failed or not reports)
