# The same reading in Python: requests with Decimal, the standard library with Decimal, or pandas.
# No line items, no hashes, no upload. Prints one line of JSON, as the other clients do.
import base64
import json
import re
import resource
import sys
import time
from decimal import Decimal

assignment = json.loads(sys.argv[1])
variant = sys.argv[2]
first_page = (
    f"{assignment['spaceUrl']}/api/video/logs"
    f"?created_on={assignment['date']}&include_deleted=true&page_size=1000"
)
credentials = (assignment["projectId"], assignment["apiToken"])


def peak_rss_mb():
    """Like peakRssMb in measured.ts."""
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"^VmHWM:\s*(\d+) kB$", status.read(), re.M).group(1)) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pages_by_requests(exact):
    session = requests.Session()
    session.auth = credentials
    url = first_page
    while url:
        response = session.get(url)
        response.raise_for_status()
        page = response.json(parse_float=Decimal, parse_int=Decimal) if exact else response.json()
        yield page["data"]
        url = page["links"].get("next")


def pages_by_urllib():
    token = base64.b64encode(":".join(credentials).encode()).decode()
    url = first_page
    while url:
        request = urllib.request.Request(url, headers={"authorization": f"Basic {token}"})
        with urllib.request.urlopen(request) as response:
            page = json.loads(response.read(), parse_float=Decimal, parse_int=Decimal)
        yield page["data"]
        url = page["links"].get("next")


def sum_by_room(pages):
    rooms = {}
    for page in pages:
        for log in page:
            rooms[log["room_name"]] = rooms.get(log["room_name"], Decimal(0)) + log["charge"]
    return str(sum(rooms.values(), Decimal(0)))


def sum_by_pandas():
    logs = [log for page in pages_by_requests(exact=False) for log in page]
    rooms = pandas.DataFrame(logs).groupby("room_name")["charge"].sum().round(2)
    return f"{sum(rooms):.2f}"


if variant == "requests":
    import requests

    work = lambda: sum_by_room(pages_by_requests(exact=True))
elif variant == "urllib":
    import urllib.request

    work = lambda: sum_by_room(pages_by_urllib())
else:
    import pandas
    import requests

    work = sum_by_pandas

started, started_cpu = time.perf_counter(), time.process_time()
charge = work()
print(
    json.dumps(
        {
            "charge": charge,
            "seconds": time.perf_counter() - started,
            "cpuSeconds": time.process_time() - started_cpu,
            "peakRssMb": peak_rss_mb(),
        }
    )
)
