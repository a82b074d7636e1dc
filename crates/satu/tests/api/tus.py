"""Sends a file by tus: in parts, broken off once, and gone on with by another client object."""

import hashlib
import sys
import time

import requests
from tusclient import client

base, key, secret, path = sys.argv[1:]
form = {"grant_type": "client_credentials", "client_id": key, "client_secret": open(secret).read().strip()}
token = requests.post(f"{base}/oauth2/token", data=form).json()["access_token"]
headers = {"Authorization": f"Bearer {token}"}
about = {"source": "kota", "filename": path}
part = 4 << 10

first = client.TusClient(f"{base}/api/v1/uploads", headers=headers)
upload = first.uploader(path, chunk_size=part, metadata=about)
parts = 0
for _ in range(3):
    upload.upload_chunk()
    parts += 1

again = client.TusClient(f"{base}/api/v1/uploads", headers=headers)
rest = again.uploader(path, chunk_size=part, url=upload.url)
assert rest.offset == 3 * part, rest.offset
while rest.offset < rest.get_file_size():
    rest.upload_chunk()
    parts += 1

for _ in range(600):
    told = requests.get(rest.url, headers=headers).json()
    if told["state"] != "taking-in":
        break
    time.sleep(0.1)
assert told["state"] == "taken", told
taken = requests.get(f"{base}/api/v1/submissions/{told['submission']}", headers=headers).json()
assert parts >= 40, parts
print(f"{taken['rows']} rows in 40 parts or more")

# Bytes that are there: by a client that knows nothing of that, and by one that asks first.
sha256 = hashlib.sha256(open(path, "rb").read()).hexdigest()
same = again.uploader(path, chunk_size=part, metadata={**about, "sha256": sha256})
same.upload()
told = requests.get(same.url, headers=headers).json()
assert (told["state"], told["already"]) == ("taken", True), told
assert told["submission"] == taken["id"], told
asks = again.uploader(path, url=same.url)
assert asks.offset == asks.get_file_size(), asks.offset
asks.upload()
